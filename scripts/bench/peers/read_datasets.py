"""The readers of the projects that datasets' formats are from: goes through all episodes of a dataset.

Reads lines of JSON, {"format": ..., "path": ...}, and answers each with {"milliseconds": ...}; null where the format's
package is not there. Needs h5py, and minari, tensorflow-datasets or lerobot for their formats.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("HF_HUB_OFFLINE", "1")


def d4rl(path):
    """The rows as d4rl's qlearning_dataset makes them: one after another."""
    import h5py
    import numpy as np

    with h5py.File(path) as file:
        data = {name: file[name][:] for name in ("observations", "actions", "rewards", "terminals", "timeouts")}
    rows = {"observations": [], "next_observations": [], "actions": [], "rewards": [], "terminals": []}
    for index in range(len(data["rewards"]) - 1):
        if data["timeouts"][index]:
            continue
        rows["observations"].append(data["observations"][index].astype(np.float32))
        rows["next_observations"].append(data["observations"][index + 1].astype(np.float32))
        rows["actions"].append(data["actions"][index].astype(np.float32))
        rows["rewards"].append(data["rewards"][index].astype(np.float32))
        rows["terminals"].append(bool(data["terminals"][index]))
    return {name: np.array(values) for name, values in rows.items()}


def robomimic(path):
    """Every array of every demonstration, as robomimic's SequenceDataset puts them into memory."""
    import h5py

    with h5py.File(path) as file:
        for demo in file["data"].values():
            for key in ("obs", "next_obs"):
                if key in demo:
                    for array in demo[key].values():
                        array[()].astype("float32")
            for key in ("actions", "rewards", "dones"):
                demo[key][()].astype("float32")


def minari(path):
    from minari import MinariDataset

    for episode in MinariDataset(os.path.join(path, "data")).iterate_episodes():
        episode.observations


def rlds(path):
    import tensorflow_datasets as tfds

    builder = tfds.builder_from_directory(version_folder(path))
    for episode in tfds.as_numpy(builder.as_dataset(split="all")):
        for step in episode["steps"]:
            step["action"]


def version_folder(path):
    for folder, _, files in os.walk(path):
        if "dataset_info.json" in files:
            return folder
    return path


def lerobot(path):
    """The rows of every episode, without pictures."""
    from lerobot.datasets.lerobot_dataset import LeRobotDataset

    dataset = LeRobotDataset("made/made", root=path)
    columns = dataset.hf_dataset.with_format("numpy")
    for episode in range(dataset.num_episodes):
        rows = dataset.meta.episodes[episode]
        columns[rows["dataset_from_index"] : rows["dataset_to_index"]]


READERS = {"d4rl": d4rl, "robomimic": robomimic, "minari": minari, "rlds": rlds, "lerobot": lerobot}


def milliseconds(reader, path):
    start = time.perf_counter()
    try:
        reader(path)
    except ImportError:
        return None
    return (time.perf_counter() - start) * 1000


def main():
    for line in sys.stdin:
        request = json.loads(line)
        reader = READERS.get(request["format"])
        taken = milliseconds(reader, request["path"]) if reader else None
        print(json.dumps({"milliseconds": taken}), flush=True)


if __name__ == "__main__":
    main()
