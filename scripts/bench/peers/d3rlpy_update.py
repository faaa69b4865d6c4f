"""The peer's side of `npm run bench -- algorithms --peer`: updates of d3rlpy's algorithms.

Reads one request per line, {"algorithm": "iql", "samples": 10, "threads": 2, "updates": 16}, and answers each with the
milliseconds of one update, {"milliseconds": 11.5}. `samples` is how many actions BCQ asks for in a row's target; CRR has
two critics as all others; all else are d3rlpy's defaults.

Two hidden layers of 256, batches of 256 rows of Hopper's sizes, drawn before the clock starts.
"""

import json
import logging
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import torch
import structlog

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
import d3rlpy
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

BATCH, OBSERVATION_DIM, ACTION_DIM = 256, 11, 3
ROWS, EPISODE_STEPS, KEPT_BATCHES = 10_000, 100, 8


def configuration(algorithm, samples):
    makers = {
        "bc": BCConfig,
        "td3_bc": TD3PlusBCConfig,
        "rebrac": ReBRACConfig,
        "crr": lambda: CRRConfig(n_critics=2),
        "awac": lambda: AWACConfig(batch_size=BATCH),
        "iql": IQLConfig,
        "sac": SACConfig,
        "sac_n": lambda: SACConfig(n_critics=10),
        "bear": lambda: BEARConfig(warmup_steps=0),
        "cql": CQLConfig,
        "cal_ql": CalQLConfig,
        "bcq": lambda: BCQConfig(n_action_samples=samples),
    }
    return makers[algorithm]()


def random_batches():
    """Batches of episodes that all end by a timeout."""
    random = np.random.default_rng(1)
    ends = np.arange(ROWS) % EPISODE_STEPS == EPISODE_STEPS - 1
    dataset = d3rlpy.dataset.MDPDataset(
        observations=random.normal(size=(ROWS, OBSERVATION_DIM)).astype(np.float32),
        actions=random.uniform(-1, 1, (ROWS, ACTION_DIM)).astype(np.float32),
        rewards=random.uniform(0, 1, ROWS).astype(np.float32),
        terminals=np.zeros(ROWS, dtype=np.float32),
        timeouts=ends.astype(np.float32),
    )
    return [dataset.sample_transition_batch(BATCH) for _ in range(KEPT_BATCHES)]


class Learner:
    def __init__(self, algorithm, samples, batches):
        self.algorithm = configuration(algorithm, samples).create(device="cpu:0")
        self.algorithm.create_impl((OBSERVATION_DIM,), ACTION_DIM)
        self.batches = batches

    def milliseconds(self, updates):
        start = time.perf_counter()
        for index in range(updates):
            self.algorithm.update(self.batches[index % KEPT_BATCHES])
        return (time.perf_counter() - start) * 1000 / updates


def main():
    batches = random_batches()
    learners = {}
    for line in sys.stdin:
        request = json.loads(line)
        torch.set_num_threads(request["threads"])
        case = (request["algorithm"], request["samples"])
        if case not in learners:
            learners[case] = Learner(*case, batches)
        print(json.dumps({"milliseconds": learners[case].milliseconds(request["updates"])}), flush=True)


if __name__ == "__main__":
    main()
