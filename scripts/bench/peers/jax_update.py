"""The peer's side of `npm run bench -- update --peer`: RLPD's update (Ball et al. 2023, algorithm 1) in JAX.

`python jax_update.py THREADS` reads one request per line, {"num_qs": 2, "actor_update_freq": 16, "updates": 16}, and
answers each with the milliseconds of one update, {"milliseconds": 8.8}. The first answer for a shape comes after
compiling.

What it computes is what `RlpdAgent.update` does, with less around it: batches lie in JAX's memory already, and of
what an update reports only the losses are kept.
"""

import json
import os
import sys
import time
from functools import partial

THREADS = int(sys.argv[1])
os.environ["JAX_PLATFORMS"] = "cpu"
# XLA starts as many threads as the process may use processors when it is loaded.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])

import jax
import jax.numpy as jnp

BATCH, OBSERVATION_DIM, ACTION_DIM, WIDTH = 256, 42, 8, 256
NUM_MIN_QS, DISCOUNT, TAU, LEARNING_RATE = 2, 0.9, 0.005, 3e-4
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
LOG_STD_RANGE = (-5.0, 2.0)


def dense_parameters(key, inputs, outputs, initialise):
    return {"kernel": initialise(key, (inputs, outputs)), "bias": jnp.zeros(outputs)}


def mlp_parameters(key, inputs, outputs, layer_norm, initialise_head):
    keys = jax.random.split(key, 4)
    widths = [inputs, WIDTH, WIDTH, WIDTH]
    hidden = jax.nn.initializers.orthogonal(2**0.5)
    layers = [dense_parameters(k, a, b, hidden) for k, a, b in zip(keys, widths, widths[1:])]
    if layer_norm:
        layers = [layer | {"scale": jnp.ones(WIDTH), "offset": jnp.zeros(WIDTH)} for layer in layers]
    return {"layers": layers, "head": dense_parameters(keys[3], WIDTH, outputs, initialise_head)}


def actor_parameters(key):
    head = jax.nn.initializers.orthogonal()
    return mlp_parameters(key, OBSERVATION_DIM, 2 * ACTION_DIM, layer_norm=False, initialise_head=head)


def critic_parameters(key):
    head = jax.nn.initializers.lecun_normal()
    return mlp_parameters(key, OBSERVATION_DIM + ACTION_DIM, 1, layer_norm=True, initialise_head=head)


def mlp(parameters, x):
    for layer in parameters["layers"]:
        x = x @ layer["kernel"] + layer["bias"]
        if "scale" in layer:
            mean = x.mean(-1, keepdims=True)
            variance = x.var(-1, keepdims=True)
            x = (x - mean) * jax.lax.rsqrt(variance + 1e-6) * layer["scale"] + layer["offset"]
        x = jax.nn.relu(x)
    return x @ parameters["head"]["kernel"] + parameters["head"]["bias"]


def policy(parameters, observations, noise):
    """A sample of the tanh-squashed Gaussian and the logarithm of its density."""
    mean, raw = jnp.split(mlp(parameters, observations), 2, -1)
    low, high = LOG_STD_RANGE
    log_std = low + 0.5 * (high - low) * (jnp.tanh(raw) + 1)
    before = mean + jnp.exp(log_std) * noise
    gaussian = -0.5 * noise**2 - log_std - 0.5 * jnp.log(2 * jnp.pi)
    squash = 2 * (jnp.log(2.0) - before - jax.nn.softplus(-2 * before))
    return jnp.tanh(before), (gaussian - squash).sum(-1)


def critic(parameters, observations, actions):
    return mlp(parameters, jnp.concatenate([observations, actions], -1))[:, 0]


ensemble = jax.vmap(critic, in_axes=(0, None, None))


def adam_state(parameters):
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    return {"parameters": parameters, "first": zeros, "second": zeros, "step": 0}


def adam(state, gradients):
    step = state["step"] + 1
    first = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, state["first"], gradients)
    second = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g**2, state["second"], gradients)
    first_scale, second_scale = 1 / (1 - BETA_1**step), 1 / (1 - BETA_2**step)
    change = lambda p, m, v: p - LEARNING_RATE * m * first_scale / (jnp.sqrt(v * second_scale) + EPSILON)
    parameters = jax.tree.map(change, state["parameters"], first, second)
    return {"parameters": parameters, "first": first, "second": second, "step": step}


def critic_step(state, batch, key):
    noise_key, subset_key = jax.random.split(key)
    noise = jax.random.normal(noise_key, batch["actions"].shape)
    next_actions, _ = policy(state["actor"]["parameters"], batch["next_observations"], noise)
    num_qs = state["target"]["head"]["bias"].shape[0]
    chosen = jax.random.choice(subset_key, num_qs, (NUM_MIN_QS,), replace=False)
    targets = jax.tree.map(lambda leaf: leaf[chosen], state["target"])
    next_q = ensemble(targets, batch["next_observations"], next_actions).min(0)
    target_q = batch["rewards"] + batch["discounts"] * next_q

    def loss(parameters):
        return ((ensemble(parameters, batch["observations"], batch["actions"]) - target_q) ** 2).mean()

    value, gradients = jax.value_and_grad(loss)(state["critic"]["parameters"])
    new = adam(state["critic"], gradients)
    target = jax.tree.map(lambda t, p: t + TAU * (p - t), state["target"], new["parameters"])
    return state | {"critic": new, "target": target}, value


def actor_step(state, batch, key):
    noise = jax.random.normal(key, batch["actions"].shape)
    temperature = jnp.exp(state["temperature"]["parameters"])

    def loss(parameters):
        actions, log_probability = policy(parameters, batch["observations"], noise)
        q = ensemble(state["critic"]["parameters"], batch["observations"], actions).mean(0)
        return (temperature * log_probability - q).mean(), -log_probability.mean()

    (value, entropy), gradients = jax.value_and_grad(loss, has_aux=True)(state["actor"]["parameters"])
    temperature_gradient = temperature * (entropy + ACTION_DIM / 2)
    actor = adam(state["actor"], gradients)
    return state | {"actor": actor, "temperature": adam(state["temperature"], temperature_gradient)}, value


@partial(jax.jit, donate_argnums=0)
def update(state, batches, key):
    """Critic steps on every batch [updates, batch, …] and one actor step on the last, unrolled into one program."""
    updates = batches["rewards"].shape[0]
    keys = jax.random.split(key, updates + 1)
    for index in range(updates):
        batch = jax.tree.map(lambda leaf: leaf[index], batches)
        state, critic_loss = critic_step(state, batch, keys[index])
    state, actor_loss = actor_step(state, batch, keys[updates])
    return state, (critic_loss, actor_loss)


def fresh_state(num_qs):
    actor_key, *critic_keys = jax.random.split(jax.random.key(0), num_qs + 1)
    critics = jax.tree.map(lambda *leaves: jnp.stack(leaves), *map(critic_parameters, critic_keys))
    return {
        "actor": adam_state(actor_parameters(actor_key)),
        "critic": adam_state(critics),
        "target": jax.tree.map(jnp.copy, critics),
        "temperature": adam_state(jnp.zeros(())),
    }


def random_batches(updates):
    keys = jax.random.split(jax.random.key(1), 4)
    return {
        "observations": jax.random.normal(keys[0], (updates, BATCH, OBSERVATION_DIM)),
        "actions": jax.random.uniform(keys[1], (updates, BATCH, ACTION_DIM), minval=-1, maxval=1),
        "rewards": jax.random.uniform(keys[2], (updates, BATCH)),
        "discounts": jnp.full((updates, BATCH), DISCOUNT),
        "next_observations": jax.random.normal(keys[3], (updates, BATCH, OBSERVATION_DIM)),
    }


class Learner:
    def __init__(self, num_qs, actor_update_freq):
        self.state = jax.tree.map(jnp.array, fresh_state(num_qs))
        self.batches = random_batches(actor_update_freq)
        self.updates_per_call = actor_update_freq
        self.key = jax.random.key(2)
        self.milliseconds(actor_update_freq)  # compiles

    def milliseconds(self, updates):
        start = time.perf_counter()
        for _ in range(updates // self.updates_per_call):
            self.key, key = jax.random.split(self.key)
            self.state, losses = update(self.state, self.batches, key)
        jax.block_until_ready((self.state, losses))
        return (time.perf_counter() - start) * 1000 / updates


def main():
    learners = {}
    for line in sys.stdin:
        request = json.loads(line)
        shape = (request["num_qs"], request["actor_update_freq"])
        if shape not in learners:
            learners[shape] = Learner(*shape)
        print(json.dumps({"milliseconds": learners[shape].milliseconds(request["updates"])}), flush=True)


if __name__ == "__main__":
    main()
