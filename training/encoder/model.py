"""The encoder and its heads in PyTorch; `communique.reading` runs the exported graph."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.data.blocks import Vocabulary
from training.data.documents import EVENT_CLASSES, MENTION_TYPES, MODES, NOT, TIME_TYPES, TYPES

SHAPES = 9
PAIR_FEATURES = 12  # of two mentions, see communique.reading.coreference


class Layer(nn.Module):
    def __init__(self, size: int, inner: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.norm1 = nn.LayerNorm(size, eps=1e-12)
        self.up = nn.Linear(size, inner)
        self.down = nn.Linear(inner, size)
        self.norm2 = nn.LayerNorm(size, eps=1e-12)
        self.heads, self.dropout = heads, nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        if self.training:
            attended = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        else:
            scores = q @ k.transpose(-1, -2) / math.sqrt(d // self.heads)
            attended = (scores if bias is None else scores + bias).softmax(-1) @ v
        x = self.norm1(x + self.dropout(self.out(attended.transpose(1, 2).reshape(b, n, d))))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """BERT's layers, with an embedding of each piece's case added to its word embedding."""

    def __init__(self, config: dict[str, Any], dropout: float = 0.1) -> None:
        super().__init__()
        size = config["hidden_size"]
        self.size = size
        self.word = nn.Embedding(config["vocab_size"], size)
        self.position = nn.Embedding(config["max_position_embeddings"], size)
        self.shape = nn.Embedding(SHAPES, size)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(
            Layer(size, config["intermediate_size"], config["num_attention_heads"], dropout)
            for _ in range(config["num_hidden_layers"])
        )
        nn.init.zeros_(self.shape.weight)

    @classmethod
    def pretrained(cls, folder: Path) -> Encoder:
        """Loads BERT weights from a folder with `config.json` and `model.safetensors`."""
        from safetensors.torch import load_file

        encoder = cls(json.loads((folder / "config.json").read_text()))
        weights = {k.removeprefix("bert."): v for k, v in load_file(str(folder / "model.safetensors")).items()}
        with torch.no_grad():
            encoder.word.weight.copy_(weights["embeddings.word_embeddings.weight"])
            encoder.position.weight.copy_(
                weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
            )
            encoder.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
            encoder.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])
            for i, layer in enumerate(encoder.layers):
                at = f"encoder.layer.{i}."
                for kind in ("weight", "bias"):
                    getattr(layer.qkv, kind).copy_(
                        torch.cat([weights[f"{at}attention.self.{r}.{kind}"] for r in ("query", "key", "value")])
                    )
                    getattr(layer.out, kind).copy_(weights[f"{at}attention.output.dense.{kind}"])
                    getattr(layer.norm1, kind).copy_(weights[f"{at}attention.output.LayerNorm.{kind}"])
                    getattr(layer.up, kind).copy_(weights[f"{at}intermediate.dense.{kind}"])
                    getattr(layer.down, kind).copy_(weights[f"{at}output.dense.{kind}"])
                    getattr(layer.norm2, kind).copy_(weights[f"{at}output.LayerNorm.{kind}"])
        return encoder

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor | None) -> Tensor:
        """Returns states `(blocks, pieces, size)` of pieces given by their embeddings `pieces`. Training does not
        change the embeddings, so they stay outside the exported graph.
        """
        positions = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.dropout(self.norm(pieces + self.position(positions)[None] + self.shape(shapes)))
        bias = None if mask is None else (1.0 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x


def words_of(x: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """Returns a vector for each word, `(blocks, words, size)`: the mean of its first and last piece's."""

    def index(at):
        return at[:, :, None].expand(-1, -1, x.shape[2])

    return (x.gather(1, index(first)) + x.gather(1, index(last))) / 2


def _mlp(size: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(size, out), nn.GELU(), nn.Dropout(0.1))


class Reader(nn.Module):
    """The encoder and all heads, which share one pass of it."""

    def __init__(
        self,
        encoder: Encoder,
        vocabulary: Vocabulary,
        arc: int = 192,
        label: int = 64,
        pointer: int = 64,
        coref: int = 128,
        group: int = 256,
    ) -> None:
        super().__init__()
        self.encoder, size = encoder, encoder.size
        self.fast = False  # whether the encoder computes in half precision
        self.sizes = {
            "syntax": {
                "sent": 2,
                "upos": len(vocabulary.upos),
                "feats": len(vocabulary.feats),
                "lemma": len(vocabulary.lemma),
            },
            "entity": {"mention": 1 + len(MENTION_TYPES), "time": 1 + 2 * len(TIME_TYPES)},
            "speech": {"source": 3, "cue": 3, "content": 3},
            "event": {"class": len(EVENT_CLASSES), "fact": 1, "role": 5, "type": 1 + len(TYPES)},
        }
        self.group = nn.ModuleDict({name: _mlp(size, group) for name in self.sizes})
        self.tags = nn.ModuleDict({name: nn.Linear(group, sum(parts.values())) for name, parts in self.sizes.items()})
        self.arc_dep, self.arc_head = _mlp(size, arc), _mlp(size, arc)
        self.arc = nn.Parameter(torch.zeros(arc + 1, arc))
        self.label_dep, self.label_head = _mlp(size, label), _mlp(size, label)
        self.label = nn.Parameter(torch.zeros(len(vocabulary.rel), label + 1, label + 1))
        nn.init.xavier_uniform_(self.arc), nn.init.normal_(self.label, std=0.05)
        self.pointers = nn.Linear(size, 6 * pointer)  # query and key for mention start, mention end, cue
        self.corefs = nn.Linear(size, 2 * coref)
        self.fresh = nn.Linear(size, 1)
        self.pair_features = nn.Linear(PAIR_FEATURES, 1)
        self.pair_query = nn.Linear(2 * size, pointer * 2)
        self.pair_key = nn.Linear(size, pointer * 2)
        self.pair = nn.Sequential(nn.Linear(3 * size, group), nn.GELU(), nn.Dropout(0.1))
        self.pair_type, self.pair_mode = nn.Linear(group, 1 + len(TYPES)), nn.Linear(group, len(MODES))
        self.absent = nn.Parameter(torch.zeros(2, size))
        self.sentence_query = nn.Linear(size, 1)
        self.sentence = nn.Linear(size, 5)

    def states(self, ids: Tensor, shapes: Tensor, mask: Tensor | None, first: Tensor, last: Tensor) -> Tensor:
        with torch.autocast(ids.device.type, dtype=torch.bfloat16, enabled=self.fast):
            x = self.encoder(self.encoder.word(ids), shapes, mask)
        return words_of(x.float(), first, last)

    def heads(self, x: Tensor) -> dict[str, Tensor]:
        out: dict[str, Tensor] = {}
        for name, parts in self.sizes.items():
            for part, logits in zip(parts, self.tags[name](self.group[name](x)).split(list(parts.values()), -1)):
                out[part] = logits
        dep, head = self.arc_dep(x), self.arc_head(x)
        out["arcs"] = F.pad(dep, (0, 1), value=1.0) @ self.arc @ head.transpose(-1, -2)
        out["label_dep"], out["label_head"] = (
            F.pad(self.label_dep(x), (0, 1), value=1.0),
            F.pad(self.label_head(x), (0, 1), value=1.0),
        )
        out["pointers"], out["corefs"], out["fresh"] = self.pointers(x), self.corefs(x), self.fresh(x)
        out["pair_key"], out["sentence_weight"] = self.pair_key(x), self.sentence_query(x)
        return out

    def relation(self, x: Tensor, keys: Tensor, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Returns type logits, mode logits and word weights for what one party does to another. `x` is (words, size) of
        the sentence; `source` and `target` are (size).
        """
        query = self.pair_query(torch.cat([source, target]))
        weights = (keys @ query / math.sqrt(len(query))).softmax(0)
        hidden = self.pair(torch.cat([weights @ x, source, target]))
        return self.pair_type(hidden), self.pair_mode(hidden), weights

    def loss(self, batch: dict[str, Any]) -> dict[str, Tensor]:
        """Returns the loss of each head that has labels in the batch."""
        x = self.states(batch["ids"], batch["shapes"], batch["mask"], batch["first"], batch["last"])
        out = self.heads(x)
        losses: dict[str, Tensor] = {}
        for parts in self.sizes.values():
            for name in parts:
                if name in batch and name != "fact" and (batch[name] != NOT).any():
                    losses[name] = F.cross_entropy(out[name].transpose(1, 2), batch[name], ignore_index=NOT)
        if "fact" in batch and (known := ~batch["fact"].isnan()).any():
            losses["fact"] = F.binary_cross_entropy_with_logits(out["fact"][..., 0][known], batch["fact"][known])
        if (batch["head"] != NOT).any():
            losses |= self._tree_loss(out, batch)
        if any(batch["mentions"]):
            losses |= self._mention_loss(x, out, batch)
        if (batch["pointer"] != NOT).any():
            query, key = out["pointers"].chunk(6, -1)[4:]
            scores = query @ key.transpose(1, 2) / math.sqrt(query.shape[-1])
            scores = scores.masked_fill(~batch["words"][:, None, :], -1e4)
            speaks = (batch["source"] > 0) | (batch["content"] > 0)
            target = batch["pointer"].masked_fill(~speaks, NOT)
            if (target != NOT).any():
                losses["pointer"] = F.cross_entropy(scores.transpose(1, 2), target, ignore_index=NOT)
        losses |= self._pair_loss(x, out, batch)
        return losses

    def _tree_loss(self, out: dict[str, Tensor], batch: dict[str, Any]) -> dict[str, Tensor]:
        sentence = (batch["sent"] == 1).cumsum(1)
        same = (sentence[:, :, None] == sentence[:, None, :]) & batch["words"][:, None, :]
        known = batch["head"] != NOT
        scores = out["arcs"].masked_fill(~same, -1e4)[known]
        heads = batch["head"][known]
        arc = F.cross_entropy(scores, heads)
        dep = out["label_dep"][known]
        rows = torch.arange(len(known), device=known.device)[:, None].expand_as(known)[known]
        head = out["label_head"][rows, heads]
        labels = torch.einsum("ni,lij,nj->nl", dep, self.label, head)
        rel = batch["rel"][known]
        return {"arc": arc, "rel": F.cross_entropy(labels, rel, ignore_index=NOT)}

    def _mention_loss(self, x: Tensor, out: dict[str, Tensor], batch: dict[str, Any]) -> dict[str, Tensor]:
        from communique.reading.coreference import pair_features

        start_q, start_k, end_q, end_k, _, _ = out["pointers"].chunk(6, -1)
        rows = [(i, h, s, e) for i, ms in enumerate(batch["mentions"]) for h, s, e, _, _ in ms]
        r, h, s, e = (torch.tensor(c) for c in zip(*rows))
        scale = math.sqrt(start_q.shape[-1])
        place = torch.arange(x.shape[1])
        starts = (start_q[r, h][:, None] * start_k[r]).sum(-1) / scale
        ends = (end_q[r, h][:, None] * end_k[r]).sum(-1) / scale
        ends = ends.masked_fill(~batch["words"][r], -1e4)
        losses = {
            "mention_start": F.cross_entropy(starts.masked_fill(place[None] > h[:, None], -1e4), s),
            "mention_end": F.cross_entropy(ends.masked_fill(place[None] < h[:, None], -1e4), e),
        }
        mine, theirs = out["corefs"].chunk(2, -1)
        total, count = x.new_zeros(()), 0
        for i, mentions in enumerate(batch["mentions"]):
            mentions = sorted(mentions, key=lambda m: (m[1], -m[2]))
            if len(mentions) < 2:
                continue
            at = torch.tensor([m[0] for m in mentions])
            chain = torch.tensor([m[4] for m in mentions])
            scores = mine[i, at] @ theirs[i, at].T / math.sqrt(mine.shape[-1])
            forms = batch["forms"][i]
            features = torch.from_numpy(pair_features([(m[1], m[2] + 1, m[0], m[3]) for m in mentions], forms))
            scores = scores + self.pair_features(features)[..., 0]
            n = len(mentions)
            earlier = torch.ones(n, n, dtype=torch.bool).tril(-1)
            scores = torch.cat([out["fresh"][i, at], scores.masked_fill(~earlier, -1e4)], 1)
            right = (chain[:, None] == chain[None]) & earlier & (chain[:, None] >= 0)
            right = torch.cat([~right.any(1, keepdim=True), right], 1)
            total = total + (scores.logsumexp(1) - scores.masked_fill(~right, -1e4).logsumexp(1)).sum()
            count += n
        if count:
            losses["coref"] = total / count
        return losses

    def _pair_loss(self, x: Tensor, out: dict[str, Tensor], batch: dict[str, Any]) -> dict[str, Tensor]:
        types, guessed, mixed, modes, spots, words, kinds = [], [], [], [], [], [], []
        for i, pairs in enumerate(batch["pairs"]):
            for p in pairs:
                inside = slice(p.low, p.high)
                s = x[i, p.source[0] : p.source[1]].mean(0) if p.source else self.absent[0]
                t = x[i, p.target[0] : p.target[1]].mean(0) if p.target else self.absent[1]
                logits, mode_logits, weights = self.relation(x[i, inside], out["pair_key"][i, inside], s, t)
                if p.shares:
                    shares = torch.tensor(p.shares, device=x.device)
                    guessed.append(-(shares * logits.log_softmax(0)).sum())
                    continue
                types.append(logits.logsumexp(0) - logits[p.types].logsumexp(0))
                if p.types != [len(TYPES)]:
                    by_word = out["type"][i, inside].softmax(-1)[:, p.types].sum(-1)
                    mixed.append(-(weights @ by_word).clamp_min(1e-6).log())
                if p.mode != NOT:
                    modes.append(F.cross_entropy(mode_logits, torch.tensor(p.mode, device=x.device)))
                if p.trigger is not None:
                    spots.append(-weights[p.trigger - p.low].clamp_min(1e-6).log())
        for i, triggers in enumerate(batch["triggers"]):
            words += [F.cross_entropy(out["type"][i, w], torch.tensor(kind, device=x.device)) for w, kind in triggers]
        for i, sentences in enumerate(batch["penta"]):
            for low, high, kind in sentences:
                weights = out["sentence_weight"][i, low:high, 0].softmax(-1)
                kinds.append(
                    F.cross_entropy(self.sentence(weights @ x[i, low:high]), torch.tensor(kind, device=x.device))
                )
        named = (
            ("pair", types),
            ("pair_soft", guessed),
            ("pair_word", mixed),
            ("pair_mode", modes),
            ("pair_spot", spots),
            ("type", words),
            ("penta", kinds),
        )
        return {name: torch.stack(values).mean() for name, values in named if values}
