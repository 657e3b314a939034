"""Asks a model that Unroll exported, with onnxruntime and numpy alone.

    pip install onnxruntime numpy
    python predict.py model.onnx data.csv          # a forecast: what follows the last row
    python predict.py model.onnx --text "Once "    # a language model: writes on, one character at a time
    python predict.py model.onnx --words "The ship left Dover"   # a model that tags words: a tag for each

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
    plain = {"task", "target", "anchor", "missing", "scaling", "loss", "unroll"}
    stored = session.get_modelmeta().custom_metadata_map
    return {key: text if key in plain else json.loads(text) for key, text in stored.items()}


def scaled(scaler, value):
    transformed = value if scaler["floor"] is None else math.log(max(value, scaler["floor"]))
    return (transformed - scaler["offset"]) / scaler["scale"]


def unscaled(scaler, value):
    transformed = value * scaler["scale"] + scaler["offset"]
    return math.exp(transformed) if scaler["transform"] == "log" else transformed


def forecast(session, meta, path):
    """The next values of the targets of each series of a CSV file without gaps, oldest row first: {name: {target: values}}.

    What is known ahead is taken from the rows after the last one that has a target.
    """
    series = {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            series.setdefault(row[meta["series"]] if meta["series"] else "", []).append(row)
    return {name: forecast_of(session, meta, name, rows) for name, rows in series.items()}


def forecast_of(session, meta, name, rows):
    # A series that the model has not seen is scaled by its own rows; this example does not do that.
    each = {known["series"]: known["scaler"] for known in meta["seriesScalers"] or []}
    scalers = each[name] if each else meta["scaler"]
    targets, horizon = [meta["target"], *meta["moreTargets"]], meta["horizon"]
    end = max(at for at, row in enumerate(rows) if all(row[target] != "" for target in targets)) + 1

    def value(at, column, scaler):
        before = float(rows[max(0, at - 1)][column]) if scaler["transform"] == "difference" else 0
        return float(rows[at][column]) - before

    def step(at):
        past = [value(at, column, scaler) for column, scaler in zip(meta["columns"], scalers)]
        ahead = [float(rows[at + horizon][column]) for column in meta["known"]]
        return [scaled(scaler, number) for scaler, number in zip(scalers, past + ahead)]

    window = [step(at) for at in range(end - meta["lookback"], end)]
    (answer,) = session.run(["forecast"], {"window": np.array([window], dtype=np.float32)})

    def told(scaler, target, numbers):
        last = float(rows[end - 1][target]) if scaler["transform"] == "difference" else 0
        return [unscaled(scaler, float(number)) + last for number in numbers]

    each = zip(scalers, targets, answer.reshape(len(targets), horizon))
    return {target: told(scaler, target, numbers) for scaler, target, numbers in each}


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


def tags(session, meta, sentence):
    """A tag for each word between spaces, at most `lookback` of them; a word that is not known is the token after all others."""
    words = sentence.split()[: meta["lookback"]]
    known = {word: number for number, word in enumerate(meta["vocabulary"])}
    tokens, mask = np.zeros((1, meta["lookback"]), np.int32), np.zeros((1, meta["lookback"]), np.float32)
    tokens[0, : len(words)] = [known.get(word, len(known)) for word in words]
    mask[0, : len(words)] = 1
    (probabilities,) = session.run(["probabilities"], {"tokens": tokens, "mask": mask})
    return [(word, meta["classes"][int(np.argmax(row))]) for word, row in zip(words, probabilities[0])]


def main(model, *rest):
    session = ort.InferenceSession(model)
    meta = metadata_of(session)
    if rest[:1] == ("--text",):
        print(rest[1] + write(session, meta, rest[1]))
    elif rest[:1] == ("--words",):
        print(*(f"{word}\t{tag}" for word, tag in tags(session, meta, rest[1])), sep="\n")
    else:
        for name, targets in forecast(session, meta, rest[0]).items():
            for target, values in targets.items():
                print(*filter(None, [name, target if len(targets) > 1 else ""]), *values, sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
