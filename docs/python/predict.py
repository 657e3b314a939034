"""Asks a model that Unroll exported, with onnxruntime and numpy alone.

    pip install onnxruntime numpy
    python predict.py model.onnx data.csv          # a forecast: what follows the last row
    python predict.py model.onnx --text "Once "    # a language model: writes on, one character at a time

Everything that is needed to scale the numbers and to read the answers stands in the file's metadata.
"""
import csv
import json
import math
import sys

import numpy as np
import onnxruntime as ort


def metadata_of(session):
    """The metadata of the file; values that are not plain text are JSON."""
    plain = {"task", "target", "anchor", "missing", "loss", "unroll"}
    stored = session.get_modelmeta().custom_metadata_map
    return {key: text if key in plain else json.loads(text) for key, text in stored.items()}


def scaled(scaler, value):
    transformed = value if scaler["floor"] is None else math.log(max(value, scaler["floor"]))
    return (transformed - scaler["offset"]) / scaler["scale"]


def unscaled(scaler, value):
    transformed = value * scaler["scale"] + scaler["offset"]
    return math.exp(transformed) if scaler["transform"] == "log" else transformed


def forecast(session, meta, path):
    """The next values of the target after the last row of a CSV file without gaps, oldest row first."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))[-meta["lookback"]:]
    window = [[scaled(scaler, float(row[name])) for name, scaler in zip(meta["columns"], meta["scaler"])] for row in rows]
    (answer,) = session.run(["forecast"], {"window": np.array([window], dtype=np.float32)})
    return [unscaled(meta["scaler"][0], float(value)) for value in answer[0]]


def write(session, meta, prompt, length=200):
    """What a language model writes after a prompt, always the likeliest character. Its states go from call to call."""
    characters = meta["vocabulary"]
    tokens = [characters.index(c) if c in characters else len(characters) for c in prompt]
    states = {i.name: np.zeros((1, i.shape[1]), np.float32) for i in session.get_inputs() if i.name.startswith("state.")}
    names = [output.name for output in session.get_outputs()]
    text = ""
    for _ in range(length):
        given = dict(zip(names, session.run(names, {"tokens": np.array([tokens], np.int32), **states})))
        states = {name: given[name + ".next"] for name in states}
        likeliest = int(np.argmax(given["probabilities"][0, -1, : len(characters)]))
        text += characters[likeliest]
        tokens = [likeliest]
    return text


def main(model, *rest):
    session = ort.InferenceSession(model)
    meta = metadata_of(session)
    if rest[:1] == ("--text",):
        print(rest[1] + write(session, meta, rest[1]))
    else:
        print(*forecast(session, meta, rest[0]), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
