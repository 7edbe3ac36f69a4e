# The reading room over a record on a volume:
#   docker build -t communique . && docker run -p 127.0.0.1:8765:8765 -v news:/data communique
FROM python:3.11-slim
WORKDIR /app
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY LICENSES LICENSES
COPY src src
RUN pip install --no-cache-dir ".[room,watch,office,mcp]" && useradd --create-home --uid 1000 reader \
    && mkdir /data && chown reader /data
USER reader
WORKDIR /data
# An empty record: a new volume begins with it, so the room starts before anything was read.
RUN python -c "from communique import open_record; open_record('news.duckdb').close()"
VOLUME /data
EXPOSE 8765
# The room listens on all addresses of the container, so it asks for the token that it prints (`docker logs`).
ENTRYPOINT ["communique"]
CMD ["room", "news.duckdb", "--host", "0.0.0.0"]
