"""Trains a workload in JAX: one jitted step called from Python (`step`), or the whole loop compiled (`loop`)."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"  # read when jax is imported

from collections import deque
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from jax_workloads import WORKLOADS


class State(NamedTuple):
    parameters: dict
    slots: tuple | dict  # the optimizer's
    done: jax.Array  # steps taken, int32


# Where a step gets its batch from: draw(source, s) -> batch, noise


def given(source, s):
    batch, noise = source
    return batch, None if noise is None else noise[s]


def minibatch(batch_size, draw_noise, draws_rows):
    def draw(source, s):
        data, key = source
        row_key, noise_key = jax.random.split(jax.random.fold_in(key, s))
        noise = draw_noise(noise_key, batch_size)
        if not draws_rows:
            return data, noise
        rows = jax.random.randint(row_key, (batch_size,), 0, len(data))
        return data[rows], noise

    return draw


def make_step(workload, draw):
    def step(state, constants_and_source):
        constants, source = constants_and_source
        batch, noise = draw(source, state.done)
        loss, gradients = jax.value_and_grad(lambda p: workload.loss(p | constants, batch, noise))(state.parameters)
        done = state.done + 1
        parameters, slots = workload.optimizer.update(state.parameters, gradients, state.slots, done)
        return State(parameters, slots, done), loss

    return step


# The forms: run(state, source, count, kept) -> state, the last `kept` losses


def step_form(step):
    step = jax.jit(step, donate_argnums=0)

    def run(state, source, count, kept):
        losses = deque(maxlen=kept)
        for _ in range(count):
            state, loss = step(state, source)
            losses.append(loss)
        return state, losses

    return run


def loop_form(step):
    @partial(jax.jit, donate_argnums=(0, 3))
    def loop(state, source, count, losses):
        def body(_, carry):
            state, losses = carry
            place = state.done % len(losses)
            state, loss = step(state, source)
            return state, losses.at[place].set(loss)

        return lax.fori_loop(0, count, body, (state, losses))

    def run(state, source, count, kept):
        # the count is an array, so that another count does not compile again
        return loop(state, source, jnp.int32(count), jnp.zeros(kept))

    return run


FORMS = {"step": step_form, "loop": loop_form}


class JaxTrainer:
    def __init__(self, start, form):
        expert, _, form = form.rpartition("-")
        self.start = start
        self.workload = WORKLOADS[f"{start.workload} {expert}".strip()]
        self.constants = {path: jnp.array(a) for path, a in start.constants.items()}
        self.fixed = None if start.batch is None else jnp.array(start.batch)
        self.run_given = FORMS[form](make_step(self.workload, given))
        if start.data is None:  # nothing to draw
            self.run_drawn, self.source = self.run_given, (None, None)
        else:
            size = len(start.batch)
            draw = minibatch(size, self.workload.draw_noise, self.workload.draws_rows)
            self.run_drawn = FORMS[form](make_step(self.workload, draw))
            self.source = (jnp.array(start.data), jax.random.key(0))
        self.reset()

    def reset(self):
        # jnp.array copies: the state is donated to the step, and the start file's arrays must survive that
        parameters = {path: jnp.array(a) for path, a in self.workload.layout(self.start.parameters).items()}
        self.state = State(parameters, self.workload.optimizer.init(parameters), jnp.int32(0))

    def check(self):
        """The losses before each of K + 1 steps on the fixed batch."""
        noise = None if self.start.noise is None else jnp.array(self.start.noise)
        count = self.start.steps + 1
        self.state, losses = self.run_given(self.state, (self.constants, (self.fixed, noise)), count, kept=count)
        return [float(loss) for loss in losses]

    def run(self, steps):
        self.state, _ = self.run_drawn(self.state, (self.constants, self.source), steps, kept=1)
        jax.block_until_ready(self.state)
