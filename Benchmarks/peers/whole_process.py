"""One whole training run as a user would write it: a PixelCNN on the 62 bars and stripes of 5x5. Prints its NLL."""

import argparse
import itertools
import json
import math
import os

import numpy as np

from common import limit_cpus, live_taps

STEPS, RATE, WIDTH = 1000, 3e-3, 32


def bars_and_stripes(side=5):
    """[62, 5, 5]: every row the same pattern, or every column."""
    patterns = np.array(list(itertools.product((0, 1), repeat=side)), np.float32)  # [32, 5]
    rows = np.repeat(patterns[:, None, :], side, axis=1)  # [32, 5, 5]
    return np.unique(np.concatenate([rows, rows.transpose(0, 2, 1)]), axis=0)


def train_torch(compiled):
    import torch
    import torch.nn.functional as F
    from torch import nn

    from torch_workloads import MaskedConv2d

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = MaskedConv2d(1, WIDTH, 7, "A")
            self.masked = nn.ModuleList(MaskedConv2d(WIDTH, WIDTH, 3, "B") for _ in range(3))
            self.pointwise = nn.ModuleList(nn.Conv2d(WIDTH, WIDTH, 1) for _ in range(2))
            self.output = nn.Conv2d(WIDTH, 1, 1)

        def forward(self, x):  # [62, 1, 5, 5] -> the NLL of an image in nats
            h = self.first(x)  # [62, 32, 5, 5]
            for layer in (*self.masked, *self.pointwise):
                h = h + layer(F.relu(h))
            logits = self.output(F.relu(h))  # [62, 1, 5, 5]
            return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)

    torch.manual_seed(0)
    net = Net()
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d):
            taps = int(layer.mask.sum()) if isinstance(layer, MaskedConv2d) else 1
            bound = 1 / math.sqrt(taps * layer.in_channels)
            nn.init.uniform_(layer.weight, -bound, bound)
            nn.init.uniform_(layer.bias, -bound, bound)

    images = torch.from_numpy(bars_and_stripes()[:, None])  # [62, 1, 5, 5]
    optimizer = torch.optim.Adam(net.parameters(), lr=RATE, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=STEPS)
    loss_of = torch.compile(net) if compiled else net
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss_of(images).backward()
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        return net(images).item()


def train_jax(looped):
    # One jitted step at a time is the fast form here: inside of a compiled loop XLA's CPU backend runs the gradients of
    # convolutions by its naive code (https://github.com/jax-ml/jax/issues/12868), ten times slower and more.
    os.environ["JAX_PLATFORMS"] = "cpu"  # read when jax is imported
    import jax
    import jax.numpy as jnp
    from jax import lax

    from jax_workloads import adam, adam_update, bernoulli_nll, conv, masked_conv

    # name: (inputs, outputs, size, mask); a 1x1 kernel of mask B is a plain one
    layers = {"first": (1, WIDTH, 7, "A"), "output": (WIDTH, 1, 1, "B")}
    layers |= {f"masked.{k}": (WIDTH, WIDTH, 3, "B") for k in range(3)}
    layers |= {f"pointwise.{k}": (WIDTH, WIDTH, 1, "B") for k in range(2)}

    def initial(key):
        parameters = {}
        for layer, (inputs, outputs, size, kind) in layers.items():
            key, weight_key, bias_key = jax.random.split(key, 3)
            bound = 1 / math.sqrt(live_taps(size, kind) * inputs)
            shape = (size, size, inputs, outputs)
            parameters[f"{layer}.weight"] = jax.random.uniform(weight_key, shape, minval=-bound, maxval=bound)
            parameters[f"{layer}.bias"] = jax.random.uniform(bias_key, (outputs,), minval=-bound, maxval=bound)
        return parameters

    def loss(p, x):  # [62, 5, 5, 1] -> the NLL of an image in nats
        h = masked_conv(p, "first", x, "A")  # [62, 5, 5, 32]
        for k in range(3):
            h = h + masked_conv(p, f"masked.{k}", jax.nn.relu(h), "B")
        for k in range(2):
            h = h + conv(jax.nn.relu(h), p[f"pointwise.{k}.weight"]) + p[f"pointwise.{k}.bias"]
        logits = conv(jax.nn.relu(h), p["output.weight"]) + p["output.bias"]  # [62, 5, 5, 1]
        return bernoulli_nll(logits, x)

    def step(s, carry, x):
        parameters, moments = carry
        rate = RATE * 0.5 * (1 + jnp.cos(jnp.pi * s / STEPS))
        gradients = jax.grad(loss)(parameters, x)
        return adam_update(parameters, gradients, moments, s + 1, rate)

    x = jnp.array(bars_and_stripes()[..., None])  # [62, 5, 5, 1]
    parameters = jax.jit(initial)(jax.random.key(0))
    carry = parameters, adam(RATE).init(parameters)
    if looped:
        carry = jax.jit(lambda carry, x: lax.fori_loop(0, STEPS, lambda s, c: step(s, c, x), carry))(carry, x)
    else:
        step = jax.jit(step, donate_argnums=1)
        for s in range(STEPS):
            carry = step(s, carry, x)
    return float(jax.jit(loss)(carry[0], x))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", required=True, choices=("torch", "jax"))
    parser.add_argument("--threads", type=int, help="CPUs to use; otherwise all, as each system does by itself")
    parser.add_argument("--compile", action="store_true", help="torch only: torch.compile the net")
    parser.add_argument("--loop", action="store_true", help="jax only: compile the whole loop, not one step")
    arguments = parser.parse_args()
    if arguments.compile and arguments.system != "torch":
        parser.error("--compile is for torch: jax always compiles")
    if arguments.loop and arguments.system != "jax":
        parser.error("--loop is for jax")
    if arguments.threads:
        limit_cpus(arguments.threads)

    nll = train_torch(arguments.compile) if arguments.system == "torch" else train_jax(arguments.loop)
    print(json.dumps({"nll": nll}))


if __name__ == "__main__":
    main()
