"""Asks a model that Unroll exported, with onnxruntime and numpy alone.

    pip install onnxruntime numpy
    python predict.py model.onnx data.csv          # a forecast: what follows the last row
    python predict.py model.onnx data.csv --stream # a forecast: the rows one at a time, and what follows each
    python predict.py model.onnx data.csv          # rows with a class, or a class for each row, or what sequences say
    python predict.py model.onnx texts.csv         # texts with a class, or to be translated; also a .txt with a text a line
    python predict.py model.onnx sounds            # sounds: a WAV file or a folder of them
    python predict.py model.onnx --text "Once "    # a language model: writes on
    python predict.py model.onnx --words "The ship left Dover"   # a model that tags words: a tag for each

Everything that is needed to scale the numbers and to read the answers stands in the file's metadata. What a table misses, and the order of
its rows in time, this example leaves to you.

Most models take any number of steps at a time: what they have to remember are their inputs `state.…`, zero at the beginning, and the output of
that name and `.next` is what the next call is given. `stream` in the metadata says what that is: "states" for what the recurrent layers carry, or
"rows" for the rows before, where a model reads the last `lookback` rows anew with every call; "none" where whole sequences are read alone.
"""
import csv
import json
import math
import pathlib
import sys
import unicodedata

import numpy as np
import onnxruntime as ort


def metadata_of(session):
    """The metadata of the file; values that are not plain text are JSON."""
    plain = {"task", "target", "anchor", "missing", "scaling", "stream", "loss", "unroll"}
    stored = session.get_modelmeta().custom_metadata_map
    return {key: text if key in plain else json.loads(text) for key, text in stored.items()}


def scaled(scaler, value):
    transformed = value if scaler["floor"] is None else math.log(max(value, scaler["floor"]))
    return (transformed - scaler["offset"]) / scaler["scale"]


def unscaled(scaler, value):
    transformed = value * scaler["scale"] + scaler["offset"]
    return math.exp(transformed) if scaler["transform"] == "log" else transformed


def missing_columns(meta):
    """Columns that tell where another has no value, which are no columns of a file: {name: the other one}."""
    indicators = meta["indicators"]
    return dict(zip(meta["columns"][len(meta["columns"]) - len(indicators) :], indicators))


def rows_of(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, delimiter="\t" if path.endswith(".tsv") else ","))


def forecast(session, meta, path):
    """The next values of the targets of each series of a CSV file, oldest row first: {name: {target: values}}.

    What is known ahead is taken from the rows after the last one that has a target.
    """
    series = {}
    for name, rows in series_of(meta, path).items():
        step, told, end = reader_of(meta, name, rows)
        window = [step(at) for at in range(end - meta["lookback"], end)]
        given, _ = call(session, {"window": np.array([window], dtype=np.float32)}, zero_states(session))
        series[name] = told(end - 1, given["forecast"])
    return series


def forecasts_as_they_come(session, meta, path):
    """The same after each row of which enough came before: (series, number of the row from 1, {target: values}), one row fed at a time."""
    for name, rows in series_of(meta, path).items():
        step, told, end = reader_of(meta, name, rows)
        states = zero_states(session)
        for at in range(end):
            given, states = call(session, {"window": np.array([[step(at)]], dtype=np.float32)}, states)
            if at + 1 >= meta["lookback"]:
                yield name, at + 1, told(at, given["forecast"])


def series_of(meta, path):
    series = {}
    for row in rows_of(path):
        series.setdefault(row[meta["series"]] if meta["series"] else "", []).append(row)
    return series


def reader_of(meta, name, rows):
    """For the rows of a series: what the model reads of one, what it told after one, and where the rows end that have all targets."""
    # A series that the model has not seen is scaled by its own rows; this example does not do that.
    each = {known["series"]: known["scaler"] for known in meta["seriesScalers"] or []}
    if each and name not in each:
        raise SystemExit(f"The model has not seen the series {name}; ask it with unroll predict.")
    scalers = each[name] if each else meta["scaler"]
    targets, horizon = [meta["target"], *meta.get("moreTargets", [])], meta["horizon"]
    end = max(at for at, row in enumerate(rows) if all(row[target] != "" for target in targets)) + 1

    if meta["known"] and end + horizon > len(rows):
        raise SystemExit(f"The file must say what {meta['known']} will be in the {horizon} rows after the last target.")

    def value(at, column, scaler):
        if column in missing_columns(meta):
            return 1 if rows[at][missing_columns(meta)[column]] == "" else 0
        if rows[at][column] == "" and meta["missing"] == "mask":
            return scaler["offset"]
        before = float(rows[max(0, at - 1)][column]) if scaler["transform"] == "difference" else 0
        return float(rows[at][column]) - before

    def step(at):
        past = [value(at, column, scaler) for column, scaler in zip(meta["columns"], scalers)]
        ahead = [float(rows[at + horizon][column]) for column in meta["known"]]
        return [scaled(scaler, number) for scaler, number in zip(scalers, past + ahead)]

    def answered(at, scaler, target, numbers):
        last = float(rows[at][target]) if scaler["transform"] == "difference" else 0
        return [unscaled(scaler, float(number)) + last for number in numbers]

    def told(at, answer):
        each = zip(scalers, targets, answer.reshape(len(targets), horizon))
        return {target: answered(at, scaler, target, numbers) for scaler, target, numbers in each}

    return step, told, end


def cut(text, read):
    """A text as what a step of it is: its characters, or its words, numbers and signs in lower case."""
    if read == "characters":
        return list(text)
    tokens, last = [], ""
    for c in text.lower():
        # A word goes on with letters, marks and apostrophes, a number with digits.
        kind = "L" if unicodedata.category(c)[0] == "L" else "N" if unicodedata.category(c)[0] == "N" else ""
        if last == "L" and (unicodedata.category(c)[0] == "M" or c in "'’"):
            kind = "L"
        if kind and kind == last:
            tokens[-1] += c
        elif not c.isspace():
            tokens.append(c)
        last = kind
    return tokens


def write(session, meta, prompt, length=200):
    """What a language model writes after a prompt, always the likeliest token. Its states go from call to call."""
    known, by_words = meta["vocabulary"], meta["text"] is not None and meta["text"]["read"] == "words"
    # Of words the end of a line is one too.
    lines = prompt.split("\n")
    given = [token for n, line in enumerate(lines) for token in [*(["\n"] if n else []), *cut(line, "words")]]
    tokens = [known.index(token) if token in known else len(known) for token in (given if by_words else prompt)]
    states = zero_states(session)
    written = []
    for _ in range(length):
        given, states = call(session, {"tokens": np.array([tokens], np.int32)}, states)
        likeliest = int(np.argmax(given["probabilities"][0, -1, : len(known)]))
        written.append(known[likeliest])
        tokens = [likeliest]
    return (" " + " ".join(written)) if by_words else "".join(written)


def zero_states(session):
    """What a model remembers before its first step."""
    inputs = session.get_inputs()
    return {i.name: np.zeros((1, *i.shape[1:]), np.float32) for i in inputs if i.name.startswith("state.")}


def call(session, feeds, states):
    """What a model gives out by name, and the states for what comes next."""
    names = [output.name for output in session.get_outputs()]
    given = dict(zip(names, session.run(names, {**feeds, **states})))
    return given, {name: given[name + ".next"] for name in states}


def ask(session, output, read, values, length):
    """What a model says about one sequence: `values` are as many steps as it reads, the first `length` of them real."""
    feeds = {read: np.array([values], np.int32 if read == "tokens" else np.float32), **zero_states(session)}
    if any(i.name == "mask" for i in session.get_inputs()):
        feeds["mask"] = np.array([[1] * length + [0] * (len(values) - length)], np.float32)
    return session.run([output], feeds)[0][0]


def padded(steps, lookback):
    """The steps of a sequence and after them as many zeros as the model reads more."""
    return steps + [np.zeros_like(steps[0]) if steps else 0] * (lookback - len(steps))


def best(meta, row):
    place = int(np.argmax(row))
    return meta["classes"][place], float(row[place])


def answers(session, meta, name, steps):
    """What is to be said of a sequence of steps that the model reads at once: lines of text."""
    read = "window" if meta["vocabulary"] is None else "tokens"
    length = len(steps)
    values = padded(steps, meta["lookback"])
    if meta["task"] == "translate":
        tokens = ask(session, "translation", read, values, length).tolist()
        tokens = tokens[: tokens.index(0)] if 0 in tokens else tokens
        # Number 1 is a word that the model does not know.
        said = [meta["translations"][token - 2] if token > 1 else "" for token in tokens]
        return [f"{name}\t{('' if meta['text']['read'] == 'characters' else ' ').join(said)}"]
    probabilities = ask(session, "probabilities", read, values, length)
    if meta["task"] == "transcribe":
        likeliest = np.argmax(probabilities[:length], axis=1)
        # Of equal neighbours one is meant, and number 0 is silence.
        said = [k for n, k in enumerate(likeliest) if k > 0 and (n == 0 or likeliest[n - 1] != k)]
        return [f"{name}\t{''.join(meta['symbols'][k - 1] for k in said)}"]
    if meta["task"] == "label":
        return ["\t".join([str(name), *map(str, best(meta, row))]) for row in probabilities[:length]]
    last = probabilities if probabilities.ndim == 1 else probabilities[length - 1]
    return ["\t".join([str(name), *map(str, best(meta, last))])]


def of_texts(session, meta, path):
    """A line for each text of a .txt file, or of the column of a CSV or TSV that the model was trained on."""
    if path.endswith(".txt"):
        texts = [line.strip() for line in open(path, encoding="utf-8-sig") if line.strip()]
    else:
        texts = [row[meta["columns"][0]] for row in rows_of(path)]
    known = {token: number for number, token in enumerate(meta["vocabulary"])}
    lines = []
    for text in texts:
        tokens = [known.get(token, len(known)) for token in cut(text, meta["text"]["read"])]
        # A class is told by the end as well; a translation begins at the beginning.
        some = tokens[: meta["lookback"]] if meta["task"] == "translate" else tokens[-meta["lookback"] :]
        lines += answers(session, meta, text, some)
    return lines


def scaled_value(meta, row, column, scaler):
    """What a model reads of a cell; one without a value is 0, and a column of its own says so."""
    if column in missing_columns(meta):
        return scaled(scaler, 1 if row[missing_columns(meta)[column]] == "" else 0)
    return 0 if row[column] == "" and meta["missing"] == "mask" else scaled(scaler, float(row[column]))


def of_rows(session, meta, path):
    """What is said of each sequence of a table of numbers, or of one that is the whole table: of its last rows, or of each."""
    sequences = {}
    for row in rows_of(path):
        values = [scaled_value(meta, row, column, scaler) for column, scaler in zip(meta["columns"], meta["scaler"])]
        sequences.setdefault(row[meta["series"]] if meta["series"] else "", []).append(np.array(values, np.float32))
    lookback = meta["lookback"]
    if meta["series"] or meta["task"] != "label":
        return [line for name, steps in sequences.items() for line in answers(session, meta, name, steps[-lookback:])]
    (steps,) = sequences.values()
    lines = []
    for row in range(0, len(steps), lookback):
        # The last stretch reaches back over rows that have their answer.
        first = min(row, len(steps) - lookback)
        lines += answers(session, meta, "", steps[first : first + lookback])[row - first :]
    return lines


def of_sounds(session, meta, path):
    """A line for each WAV file of a folder and of the folders in it, or for one."""
    files = sorted(pathlib.Path(path).rglob("*.wav")) if pathlib.Path(path).is_dir() else [pathlib.Path(path)]
    lines = []
    for file in files:
        whole = [np.array([scaled(s, v) for s, v in zip(meta["scaler"], step)], np.float32) for step in log_mel(meta, file)]
        lines += answers(session, meta, file.name, whole[-meta["lookback"] :])
    return lines


def read_wav(file):
    """Samples from -1 to 1, the mean of all channels, and how many there are in a second."""
    data, at, form = file.read_bytes(), 12, None
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind == b"fmt ":
            code, channels = np.frombuffer(data, "<u2", 2, at + 8)
            rate, bits = int(np.frombuffer(data, "<u4", 1, at + 12)[0]), int(np.frombuffer(data, "<u2", 1, at + 22)[0])
            form = int(np.frombuffer(data, "<u2", 1, at + 32)[0]) if code == 0xFFFE else int(code)
        if kind == b"data":
            raw = data[at + 8 : at + 8 + size]
            raw = raw[: len(raw) // (bits // 8 * int(channels)) * (bits // 8 * int(channels))]
            if form == 3:
                samples = np.frombuffer(raw, f"<f{bits // 8}").astype(np.float64)
            elif bits == 8:
                samples = (np.frombuffer(raw, np.uint8).astype(np.float64) - 128) / 128
            else:
                # The high bytes of 32 bits, whatever their number.
                wide = np.zeros((len(raw) // (bits // 8), 4), np.uint8)
                wide[:, 4 - bits // 8 :] = np.frombuffer(raw, np.uint8).reshape(len(wide), bits // 8)
                samples = wide.view("<i4")[:, 0] / 2**31
            return np.nan_to_num(samples, posinf=0, neginf=0).reshape(-1, int(channels)).mean(axis=1).astype(np.float32), rate
        at += 8 + size + size % 2
    raise ValueError(f"{file} is not a WAV file that is read here.")


def log_mel(meta, file):
    """The logarithm of the energy in bands that are equally wide on the mel scale, [steps, bands]."""
    samples, rate = read_wav(file)
    mels, highest = meta["sound"]["mels"], min(meta["sound"]["highest"] or rate / 2, rate / 2)
    width = max(2, math.floor(meta["sound"]["window"] / 1000 * rate + 0.5))
    stride = max(1, math.floor(meta["sound"]["hop"] / 1000 * rate + 0.5))
    size = 2 ** math.ceil(math.log2(width))
    tops = 700 * (10 ** (2595 * math.log10(1 + highest / 700) * np.arange(mels + 2) / (mels + 1) / 2595) - 1)
    hertz = np.arange(size // 2 + 1) * rate / size
    bands = np.zeros((mels, size // 2 + 1))
    for mel in range(mels):
        low, top, high = tops[mel : mel + 3]
        bands[mel] = np.maximum(0, np.where(hertz <= top, (hertz - low) / (top - low), (high - hertz) / (high - top)))
        if not bands[mel].any():
            bands[mel, min(size // 2, math.floor(top * size / rate + 0.5))] = 1
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(width) / width)
    steps = max(1, (len(samples) - width) // stride + 1)
    whole = np.concatenate([samples, np.zeros(max(0, width - len(samples)))])
    frames = np.array([whole[step * stride : step * stride + width] * hann for step in range(steps)])
    energy = np.abs(np.fft.rfft(frames, size)) ** 2 @ bands.T
    return np.log(np.maximum(energy, 1e-10)).astype(np.float32)


def tags(session, meta, sentence):
    """A tag for each word between spaces, at most `lookback` of them; a word that is not known is the token after all others."""
    words = sentence.split()[: meta["lookback"]]
    known = {word: number for number, word in enumerate(meta["vocabulary"])}
    tokens, mask = np.zeros((1, meta["lookback"]), np.int32), np.zeros((1, meta["lookback"]), np.float32)
    tokens[0, : len(words)] = [known.get(word, len(known)) for word in words]
    mask[0, : len(words)] = 1
    (probabilities,) = session.run(["probabilities"], {"tokens": tokens, "mask": mask, **zero_states(session)})
    return [(word, meta["classes"][int(np.argmax(row))]) for word, row in zip(words, probabilities[0])]


def main(model, *rest):
    session = ort.InferenceSession(model)
    meta = metadata_of(session)
    if rest[:1] == ("--text",):
        print(rest[1] + write(session, meta, rest[1]))
    elif rest[:1] == ("--words",):
        print(*(f"{word}\t{tag}" for word, tag in tags(session, meta, rest[1])), sep="\n")
    elif rest[1:] == ("--stream",):
        for name, row, targets in forecasts_as_they_come(session, meta, rest[0]):
            for target, values in targets.items():
                print(*filter(None, [name, row, target if len(targets) > 1 else ""]), *values, sep="\t")
    elif meta["sound"] is not None:
        print(*of_sounds(session, meta, rest[0]), sep="\n")
    elif meta["text"] is not None:
        print(*of_texts(session, meta, rest[0]), sep="\n")
    elif meta["task"] != "forecast":
        print(*of_rows(session, meta, rest[0]), sep="\n")
    else:
        for name, targets in forecast(session, meta, rest[0]).items():
            for target, values in targets.items():
                print(*filter(None, [name, target if len(targets) > 1 else ""]), *values, sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
