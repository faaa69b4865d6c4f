"""d3rlpy's side of the offline comparison: trains one of its algorithms on a file in D4RL's layout.

    python d3rlpy_offline.py --data hopper-medium-replay.hdf5 --env Hopper-v5 --algorithm iql --seed 0 \
        --updates 10000 --every 5000

prints one line of JSON at the end: the returns of 10 episodes of the policy's mode after every `--every` updates, and
the seconds that the updates took. Two hidden layers of 256, batches of 256 rows, d3rlpy's defaults for the rest, one
thread. Needs d3rlpy 2.8.1, mujoco 3.14.0 and h5py.
"""

import argparse
import json
import logging
import time
import warnings

warnings.filterwarnings("ignore")
import d3rlpy
import gymnasium
import h5py
import numpy as np
import structlog
import torch
from d3rlpy.algos import (
    AWACConfig,
    BCConfig,
    BCQConfig,
    BEARConfig,
    CalQLConfig,
    CQLConfig,
    CRRConfig,
    IQLConfig,
    ReBRACConfig,
    SACConfig,
    TD3PlusBCConfig,
)

BATCH = 256
EPISODES = 10

ALGORITHMS = {
    "bc": BCConfig,
    "td3_bc": TD3PlusBCConfig,
    "rebrac": ReBRACConfig,
    "crr": CRRConfig,
    "awac": lambda: AWACConfig(batch_size=BATCH),
    "iql": IQLConfig,
    "sac": SACConfig,
    "sac_n": lambda: SACConfig(n_critics=10),
    "bear": BEARConfig,
    "cql": CQLConfig,
    "cal_ql": CalQLConfig,
    "bcq": lambda: BCQConfig(n_action_samples=10),
}


def dataset(path):
    with h5py.File(path) as file:
        columns = {name: file[name][:] for name in ("observations", "actions", "rewards", "terminals", "timeouts")}
    # d3rlpy takes a step that terminated and was cut off for cut off.
    columns["timeouts"] = columns["timeouts"] & ~columns["terminals"]
    return d3rlpy.dataset.MDPDataset(
        observations=columns["observations"],
        actions=columns["actions"],
        rewards=columns["rewards"],
        terminals=columns["terminals"].astype(np.float32),
        timeouts=columns["timeouts"].astype(np.float32),
    )


def returns(algorithm, environment):
    found = []
    for episode in range(EPISODES):
        observation, _ = environment.reset(seed=episode)
        total, done = 0.0, False
        while not done:
            action = algorithm.predict(observation[None].astype(np.float32))[0]
            observation, reward, terminated, truncated, _ = environment.step(action)
            total += float(reward)
            done = terminated or truncated
        found.append(total)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--env", required=True)
    parser.add_argument("--algorithm", required=True, choices=sorted(ALGORITHMS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--every", type=int, default=5_000)
    options = parser.parse_args()

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    torch.set_num_threads(1)
    d3rlpy.seed(options.seed)
    data = dataset(options.data)
    environment = gymnasium.make(options.env)
    algorithm = ALGORITHMS[options.algorithm]().create(device="cpu:0")
    algorithm.build_with_dataset(data)
    curve, seconds = [], 0.0
    for update in range(1, options.updates + 1):
        start = time.process_time()
        algorithm.update(data.sample_transition_batch(BATCH))
        seconds += time.process_time() - start
        if update % options.every == 0 or update == options.updates:
            found = returns(algorithm, environment)
            point = {"step": update, "mean": float(np.mean(found)), "std": float(np.std(found)), "train_cpu_s": round(seconds, 1)}
            curve.append(point)
    run = {"algorithm": options.algorithm, "seed": options.seed, "d3rlpy": d3rlpy.__version__, "curve": curve}
    print(json.dumps(run), flush=True)


if __name__ == "__main__":
    main()
