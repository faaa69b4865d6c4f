"""Episodes in ManiSkill itself, on its CPU simulator: what the programs beside this file share.

State observations need no pictures, but ManiSkill gives every object a material of SAPIEN's renderer, which needs Vulkan:
the loader (Debian: libvulkan1) has to be installed. Where it finds no graphics device, materials are replaced by
objects that do nothing, before any scene is built; the physics are the same.
"""

import importlib.metadata
import platform
import statistics
import sys

import gymnasium as gym
import numpy as np
import sapien
import torch


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


do_without_renderer()
import mani_skill.envs  # noqa: E402, F401, registers the tasks
from mani_skill.envs.tasks.tabletop import push_t  # noqa: E402
from mani_skill.utils.gym_utils import find_max_episode_steps_value  # noqa: E402

# PushT-v1 paints its table, of which there is nothing to be seen without a renderer.
push_t.WhiteTableSceneBuilder.build = push_t.TableSceneBuilder.build


def make_environment(env_id, robot, control_mode, obs_mode):
    """One environment of ManiSkill."""
    return gym.make(
        env_id,
        num_envs=1,
        obs_mode=obs_mode,
        control_mode=control_mode,
        robot_uids=robot,
        sim_backend="physx_cpu",
        render_backend="none",
    )


def run_episode(env, act, seed, length):
    """Whether each step of an episode ended in success: [length]."""
    observation, _ = env.reset(seed=seed)
    successes = []
    for _ in range(length):
        action = act(observation)
        observation, _, _, _, info = env.step(torch.from_numpy(action)[None])
        successes.append(bool(info["success"][0]))
    return successes


def run_episodes(env, begin, act, count, seed, length=None):
    """Runs episodes to their full length, whether they succeed or not: `length` steps, or as many as the task gives.

    Episode k starts from the reset with seed `seed` + k.

    `begin(k)` is called before it, `act` maps what the environment observes to an action. Returns the figures.
    """
    length = length or find_max_episode_steps_value(env)
    episodes = []
    for episode in range(count):
        begin(episode)
        # Below the time limit's wrapper: an episode that is at its end is reset here, not there.
        episodes.append(run_episode(env.unwrapped, act, seed + episode, length))
        if (episode + 1) % 50 == 0:
            print(f"{episode + 1} of {count} episodes", file=sys.stderr)
    first_successes = [successes.index(True) + 1 for successes in episodes if any(successes)]
    return {
        "episodes": len(episodes),
        "max_episode_steps": length,
        "success_at_end": float(np.mean([successes[-1] for successes in episodes])),
        "success_once": float(np.mean([any(successes) for successes in episodes])),
        "first_success_step_median": float(statistics.median(first_successes)) if first_successes else None,
    }


def versions(*packages):
    """Versions of Python, of the simulator and of further packages."""
    names = ("mani_skill", "sapien", "torch", *packages, "numpy")
    return {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in names}}
