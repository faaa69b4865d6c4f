"""Evaluates a policy.onnx of rlpd in ManiSkill itself, on its CPU simulator, and prints one line of JSON.

    pip install mani_skill onnxruntime
    python scripts/results/eval_in_maniskill.py exps/<run>/models/best_success_at_end.policy.onnx --episodes 200

Task and control mode are those in the model's metadata. Episode k starts from ManiSkill's reset with seed `--seed` + k, runs
its full length whether it succeeds or not, and takes the policy's most likely actions.

State observations need no pictures, but ManiSkill gives every object a material of SAPIEN's renderer, which needs Vulkan:
the loader (Debian: libvulkan1) has to be installed. Where it finds no graphics device, materials are replaced by
objects that do nothing, before any scene is built; the physics are the same.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import sys

import gymnasium as gym
import numpy as np
import sapien
import torch

# Or else it tells its maker about the machine and the model.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime  # noqa: E402


class NoMaterial:
    """Takes the place of a material or texture: any attribute can be set, any method called."""

    def __init__(self, *args, **kwargs):
        pass

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def do_without_renderer():
    """Lets scenes be built on a machine without a graphics device. Call it before ManiSkill is imported."""
    try:
        sapien.render.RenderMaterial()
        return
    except RuntimeError:
        pass
    for module in (sapien.render, sapien.pysapien.render):
        module.RenderMaterial = NoMaterial
        module.RenderTexture2D = NoMaterial


def parse_arguments():
    parser = argparse.ArgumentParser(description="Evaluate a policy.onnx in ManiSkill's CPU simulator.")
    parser.add_argument("model", help="the .onnx file beside a checkpoint")
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the first episode; the others follow")
    return parser.parse_args()


def load_policy(path):
    """The model's function from an observation [observationDim] to an action [actionDim], and its metadata."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def act(observation):
        return session.run(["action"], {"observation": observation[None]})[0][0]

    return act, session.get_modelmeta().custom_metadata_map


def run_episode(env, act, seed, length):
    """Whether each step of an episode ended in success: [length]."""
    observation, _ = env.reset(seed=seed)
    successes = []
    for _ in range(length):
        action = act(observation[0].cpu().numpy().astype(np.float32))
        observation, _, _, _, info = env.step(torch.from_numpy(action)[None])
        successes.append(bool(info["success"][0]))
    return successes


def main():
    arguments = parse_arguments()
    do_without_renderer()
    import mani_skill.envs  # registers the tasks
    from mani_skill.utils.gym_utils import find_max_episode_steps_value

    act, metadata = load_policy(arguments.model)
    env = gym.make(
        metadata["env_id"],
        num_envs=1,
        obs_mode=metadata["obs_mode"],
        control_mode=metadata["control_mode"],
        robot_uids=metadata["robot"],
        sim_backend="physx_cpu",
        render_backend="none",
    )
    length = find_max_episode_steps_value(env)
    episodes = []
    for episode in range(arguments.episodes):
        # Below the time limit's wrapper: an episode that is at its end is reset here, not there.
        episodes.append(run_episode(env.unwrapped, act, arguments.seed + episode, length))
        if (episode + 1) % 50 == 0:
            print(f"{episode + 1} of {arguments.episodes} episodes", file=sys.stderr)
    first_successes = [successes.index(True) + 1 for successes in episodes if any(successes)]
    packages = ("mani_skill", "sapien", "torch", "onnxruntime", "numpy")
    result = {
        "env_id": metadata["env_id"],
        "control_mode": metadata["control_mode"],
        "episodes": len(episodes),
        "max_episode_steps": length,
        "success_at_end": float(np.mean([successes[-1] for successes in episodes])),
        "success_once": float(np.mean([any(successes) for successes in episodes])),
        "first_success_step_median": float(statistics.median(first_successes)) if first_successes else None,
        "versions": {
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in packages},
        },
    }
    print(json.dumps(result))


main()
