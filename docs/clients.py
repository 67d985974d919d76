# SPDX-License-Identifier: Apache-2.0
"""Python's own clients against a running server: python docs/clients.py http://127.0.0.1:8080

Needs huggingface_hub, and for the second part openai. Nothing but the address is changed. Not part of the build.
"""
import sys

url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"


def hugging_face():
    from huggingface_hub import InferenceClient

    client = InferenceClient()
    vector = client.feature_extraction("A sentence to encode", model=f"{url}/embed", normalize=True, truncate=True)
    print("feature_extraction:", vector.shape, vector.dtype)
    similar = client.sentence_similarity("It rains.", other_sentences=["Rain is falling.", "A man eats."], model=f"{url}/similarity")
    print("sentence_similarity:", similar)
    assert similar[0] > similar[1]


def openai():
    from openai import OpenAI

    client = OpenAI(base_url=f"{url}/v1", api_key="none")
    answer = client.embeddings.create(model=client.models.list().data[0].id, input=["One", "Two"])
    print("embeddings:", len(answer.data), len(answer.data[0].embedding), answer.usage)


for part in (hugging_face, openai):
    try:
        part()
    except ImportError as missing:
        print(f"{part.__name__}: not tried, {missing}")
