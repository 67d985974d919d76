# SPDX-License-Identifier: Apache-2.0
"""Golden of bge-m3's three kinds of vectors (Chen et al. 2024, arXiv 2402.03216): a tiny random XLM-RoBERTa with a tokenizer, and
the two layers that its authors keep beside the weights. There is no package to ask that is not tied to the published weights, so the
definition is written out below with torch, for a padded batch as its authors compute it:

- dense: the first token's last hidden state, of length one;
- sparse: relu of a linear layer on every token; of a token's places in the text the largest; none for the tokens that the tokenizer calls
  cls, eos, pad and unk;
- token vectors: a linear layer on every token but the first, of length one, without padding.

usage: bge_m3.py TOKENIZER_JSON OUT      (goldens/tokenizers/unigram_xlmr/tokenizer.json goldens/tasks/bge-m3; needs torch, transformers)
"""
import json, os, shutil, sys
import torch
from safetensors.torch import save_file
from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

tokenizer_json, out = sys.argv[1:]
shutil.rmtree(out, ignore_errors=True)
generator = torch.Generator().manual_seed(8)
tokenizer = PreTrainedTokenizerFast(tokenizer_file=tokenizer_json, model_max_length=48, bos_token="<s>", cls_token="<s>",
                                    eos_token="</s>", sep_token="</s>", pad_token="<pad>", unk_token="<unk>", mask_token="<mask>",
                                    model_input_names=["input_ids", "attention_mask"])
TEXTS = ["A sentence to encode", "the first world was in the small house of Anna, and the house was small", "one two three four",
         "Zoë Müller doesn't live in Xy-land \U0001F600 any more!", "good", "naïve café 北京 words everywhere, unbelievable",
         "a <mask> in the text, and \u2603\U00013000 which no vocabulary has", "", "the first world of the house " * 12]


class M3(torch.nn.Module):
    def __init__(self, encoder, size):
        super().__init__()
        self.encoder = encoder
        self.sparse_linear = torch.nn.Linear(size, 1)
        self.colbert_linear = torch.nn.Linear(size, size)

    def forward(self, input_ids, attention_mask):
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state     # [B, S, H]
        dense = torch.nn.functional.normalize(hidden[:, 0], dim=-1)                                      # [B, H]
        weights = torch.relu(self.sparse_linear(hidden))                                                 # [B, S, 1]
        lexical = torch.zeros(*input_ids.shape, len(tokenizer))
        lexical = lexical.scatter(-1, input_ids[..., None], weights).amax(1)                             # [B, V]
        unused = [tokenizer.cls_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id, tokenizer.unk_token_id]
        lexical[:, unused] = 0
        vectors = torch.nn.functional.normalize(self.colbert_linear(hidden[:, 1:]), dim=-1)              # [B, S - 1, H]
        return dense, lexical, vectors * attention_mask[:, 1:, None]


encoder = XLMRobertaModel(XLMRobertaConfig(vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=2, num_attention_heads=4,
                                           intermediate_size=24, max_position_embeddings=66, type_vocab_size=1, pad_token_id=1))
model = M3(encoder, 16).eval()
with torch.no_grad():
    for name, p in model.named_parameters():
        p.copy_(torch.randn(p.shape, generator=generator) * (1.0 if "_linear.weight" in name or "word_emb" in name else 0.3 if p.dim() > 1 else 0.1)
                + (1.0 if name.endswith("LayerNorm.weight") else 0.0))
inputs = tokenizer(TEXTS, return_tensors="pt", padding=True, truncation=True)
with torch.no_grad():
    # About half of the tokens get a weight.
    model.sparse_linear.bias -= model.sparse_linear(encoder(**inputs).last_hidden_state).mean()
encoder.save_pretrained(out)
tokenizer.save_pretrained(out)
for name in ("sparse_linear", "colbert_linear"):
    save_file(getattr(model, name).state_dict(), os.path.join(out, name + ".safetensors"), {"format": "pt"})
with torch.no_grad():
    dense, lexical, vectors = model(inputs["input_ids"], inputs["attention_mask"])
expected = []
for i in range(len(TEXTS)):
    tokens = int(inputs["attention_mask"][i].sum())
    expected.append({"dense": dense[i].tolist(),
                     "sparse": {str(int(t)): float(lexical[i, t]) for t in torch.nonzero(lexical[i])[:, 0]},
                     "colbert": vectors[i, :tokens - 1].tolist()})
json.dump([{"texts": TEXTS, "expected": expected}], open(os.path.join(out, "golden.json"), "w"), ensure_ascii=False)
