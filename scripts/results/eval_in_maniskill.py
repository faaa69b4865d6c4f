"""Evaluates a policy.onnx of rlpd in ManiSkill itself, on its CPU simulator, and prints one line of JSON.

    pip install mani_skill onnxruntime
    python scripts/results/eval_in_maniskill.py exps/<run>/models/best_success_at_end.policy.onnx --episodes 200

Task and control mode are those in the model's metadata. Episode k starts from ManiSkill's reset with seed `--seed` + k, runs
its full length whether it succeeds or not, and takes the policy's most likely actions. A policy of a run with another
`eval_env.max_episode_steps` than the task's needs `--steps`. in_maniskill.py says what else ManiSkill needs.
"""

import argparse
import json
import os

import numpy as np
from in_maniskill import make_environment, run_episodes, versions

# Or else it tells its maker about the machine and the model.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime  # noqa: E402


def parse_arguments():
    parser = argparse.ArgumentParser(description="Evaluate a policy.onnx in ManiSkill's CPU simulator.")
    parser.add_argument("model", help="the .onnx file beside a checkpoint")
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the first episode; the others follow")
    parser.add_argument("--steps", type=int, help="of an episode (default: the task's own horizon)")
    return parser.parse_args()


def load_policy(path):
    """The model's function from an observation [1, observationDim] to an action [actionDim], and its metadata."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def act(observation):
        return session.run(["action"], {"observation": observation.cpu().numpy().astype(np.float32)})[0][0]

    return act, session.get_modelmeta().custom_metadata_map


def main():
    arguments = parse_arguments()
    act, metadata = load_policy(arguments.model)
    env = make_environment(
        metadata["env_id"], metadata["robot"], metadata["control_mode"], metadata["obs_mode"]
    )
    figures = run_episodes(env, lambda episode: None, act, arguments.episodes, arguments.seed, arguments.steps)
    result = {
        "env_id": metadata["env_id"],
        "control_mode": metadata["control_mode"],
        **figures,
        "versions": versions("onnxruntime"),
    }
    print(json.dumps(result))


main()
