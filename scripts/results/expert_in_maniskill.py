"""Lets a scripted expert of rlpd act in ManiSkill itself, on its CPU simulator, and prints one line of JSON.

    npm run build
    python scripts/results/expert_in_maniskill.py --env PushCube-v1 --episodes 100

The expert runs in a process of Node and is asked for the action of every observation, so that it sees what became of its
last one. Episode k starts from ManiSkill's reset with seed `--seed` + k and runs its full length. in_maniskill.py says
what ManiSkill needs.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import numpy as np
from in_maniskill import make_environment, run_episodes, versions

ACTING = pathlib.Path(__file__).parents[2] / "dist/scripts/results/act_as_expert.js"


def parse_arguments():
    parser = argparse.ArgumentParser(description="Let a scripted expert act in ManiSkill's CPU simulator.")
    parser.add_argument("--env", required=True, help="the task: PushCube-v1")
    parser.add_argument("--control-mode", default="pd_joint_delta_pos")
    parser.add_argument("--episodes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0, help="of the first episode; the others follow")
    return parser.parse_args()


class Expert:
    """The expert in its process: a line of JSON is asked, a line of JSON answers."""

    def __init__(self, env_id, control_mode):
        if not ACTING.exists():
            sys.exit(f"error: {ACTING} is not there; build it first: npm run build")
        command = ["node", str(ACTING), env_id, control_mode]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = self.answer()

    def begin(self, episode):
        self.ask({"reset": episode})

    def act(self, observation):
        parts = list(flatten(observation))
        layout = [[name, len(values)] for name, values in parts]
        if layout != self.facts["observation_layout"]:
            ours = self.facts["observation_layout"]
            sys.exit(f"error: ManiSkill observes other parts than the expert.\nManiSkill: {layout}\nexpert: {ours}")
        numbers = np.concatenate([values for _, values in parts]).astype(np.float32)
        return np.asarray(self.ask({"observation": numbers.tolist()})["action"], dtype=np.float32)

    def ask(self, question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if line == "":
            # It has said why.
            sys.exit(self.process.wait() or 1)
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def flatten(parts, prefix=""):
    """The parts of an observation by their full names, in the order of ManiSkill's flat ones."""
    for name, part in parts.items():
        if isinstance(part, dict):
            yield from flatten(part, f"{prefix}{name}.")
        else:
            values = part[0].cpu().numpy().reshape(-1)
            if len(values) > 0:
                yield prefix + name, values


def main():
    arguments = parse_arguments()
    expert = Expert(arguments.env, arguments.control_mode)
    env = make_environment(arguments.env, expert.facts["robot"], arguments.control_mode, "state_dict")
    figures = run_episodes(env, expert.begin, expert.act, arguments.episodes, arguments.seed)
    expert.close()
    result = {
        "env_id": arguments.env,
        "control_mode": arguments.control_mode,
        **figures,
        "versions": versions(),
    }
    print(json.dumps(result))


main()
