"""The workloads in JAX: pure functions loss(parameters, batch, noise) over a flat dict of parameters, and optimizers.

The keys of the dict are the paths of the start file, those of its constants among them.
"""

import math
from typing import Callable, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from common import full_kernel, kernel_mask


# Optimizers: init(parameters) -> slots; update(parameters, gradients, slots, t) -> parameters, slots; t = 1, 2, ...


class Optimizer(NamedTuple):
    init: Callable
    update: Callable


def zeros_like(parameters):
    return jax.tree.map(jnp.zeros_like, parameters)


def adam_update(parameters, gradients, moments, t, rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Adam in the form PyTorch has: epsilon outside of the root."""
    first, second = moments
    first = jax.tree.map(lambda m, g: beta1 * m + (1 - beta1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: beta2 * v + (1 - beta2) * g * g, second, gradients)
    # 1 - beta^t by expm1: the plain difference loses half of float32's digits for beta2 at small t
    correction1 = -jnp.expm1(t * math.log(beta1))
    correction2 = -jnp.expm1(t * math.log(beta2))
    parameters = jax.tree.map(
        lambda p, m, v: p - rate * (m / correction1) / (jnp.sqrt(v / correction2) + epsilon), parameters, first, second
    )
    return parameters, (first, second)


def adam(rate):
    def update(parameters, gradients, moments, t):
        return adam_update(parameters, gradients, moments, t, rate)

    return Optimizer(lambda parameters: (zeros_like(parameters), zeros_like(parameters)), update)


def sgd(rate):
    def update(parameters, gradients, slots, t):
        return jax.tree.map(lambda p, g: p - rate * g, parameters, gradients), slots

    return Optimizer(lambda parameters: (), update)


def momentum(rate, decay):
    def update(parameters, gradients, velocity, t):
        velocity = jax.tree.map(lambda u, g: decay * u + g, velocity, gradients)
        return jax.tree.map(lambda p, u: p - rate * u, parameters, velocity), velocity

    return Optimizer(zeros_like, update)


def simultaneous(rate):
    """The critic goes up and the generator down, both from the old values."""

    def update(parameters, gradients, slots, t):
        critic = parameters["critic"] + rate * gradients["critic"]
        generator = parameters["generator"] - rate * gradients["generator"]
        return {"critic": critic, "generator": generator}, slots

    return Optimizer(lambda parameters: (), update)


# Layers


def dense(p, layer, x):
    return x @ p[f"{layer}.weight"] + p[f"{layer}.bias"]


def perceptron(p, name, depth, x, activation):
    for k in range(depth - 1):
        x = activation(dense(p, f"{name}.{k}", x))
    return dense(p, f"{name}.{depth - 1}", x)


def masked_conv(p, layer, x, kind):
    """The natural form: a full convolution, its kernel [size, size, in, out] multiplied by 0 or 1."""
    weight = p[f"{layer}.weight"]
    mask = kernel_mask(weight.shape[0], kind)[:, :, None, None]
    return conv(x, weight * mask) + p[f"{layer}.bias"]


def conv(x, weight):
    return lax.conv_general_dilated(x, weight, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))


def live_conv(p, layer, x):
    """The expert's form: the live taps' inputs side by side, and one matmul with [taps, in, out]."""
    weight = p[f"{layer}.weight"]
    taps, inputs, outputs = weight.shape
    batch, height, width, _ = x.shape
    padded = jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    shifted = [padded[:, t // 3 : t // 3 + height, t % 3 : t % 3 + width] for t in range(taps)]
    columns = jnp.concatenate(shifted, axis=3).reshape(batch * height * width, taps * inputs)
    y = columns @ weight.reshape(taps * inputs, outputs) + p[f"{layer}.bias"]
    return y.reshape(batch, height, width, outputs)


# Losses


def bernoulli_nll(logits, x):  # [B, 5, 5, 1] twice
    return (jax.nn.softplus(logits) - x * logits).sum() / len(x)


def pixelcnn(p, x, noise):  # x [B, 5, 5, 1]
    h = masked_conv(p, "masked.0", x, "A")  # [B, 5, 5, 32]
    h = masked_conv(p, "masked.1", jax.nn.relu(h), "B")
    h = masked_conv(p, "masked.2", jax.nn.relu(h), "B")
    logits = conv(jax.nn.relu(h), p["output.weight"]) + p["output.bias"]
    return bernoulli_nll(logits, x)


def pixelcnn_expert(p, x, noise):  # x [B, 5, 5, 1]
    h = live_conv(p, "masked.0", x)  # [B, 5, 5, 32]
    h = live_conv(p, "masked.1", jax.nn.relu(h))
    h = live_conv(p, "masked.2", jax.nn.relu(h))
    logits = jax.nn.relu(h) @ p["output.weight"][0] + p["output.bias"]
    return bernoulli_nll(logits, x)


def mlp(p, batch, noise):  # batch [B, 794]: inputs and one-hot labels
    x, labels = batch[:, :784], batch[:, 784:]
    logits = perceptron(p, "layers", 3, x, jax.nn.relu)  # [B, 10]
    return -(labels * jax.nn.log_softmax(logits)).sum(1).mean()


def vae(p, x, noise, deviation=0.1):  # x [B, 16], noise [B, 2]
    mu, log_sigma = jnp.split(perceptron(p, "encoder", 3, x, jnp.tanh), 2, axis=1)  # [B, 2] each
    sigma = jnp.exp(log_sigma)
    mean = perceptron(p, "decoder", 3, mu + sigma * noise, jnp.tanh)  # [B, 16]
    distortion = ((x - mean) ** 2).sum(1) / (2 * deviation**2)
    normalizer = 16 * math.log(deviation * math.sqrt(2 * math.pi))
    kl = (0.5 * (mu**2 + sigma**2 - 1) - log_sigma).sum(1)
    return (distortion + kl).mean() + normalizer


def realnvp(p, x, noise):  # x [B, 2]
    columns = [x[:, 0:1], x[:, 1:2]]
    log_det = jnp.zeros((len(x), 1))
    for k in range(8):
        kept, changed = k % 2, 1 - k % 2
        raw, shift = jnp.split(perceptron(p, f"couplings.{k}", 3, columns[kept], jnp.tanh), 2, axis=1)  # [B, 1] each
        scale = jnp.tanh(raw)
        columns[changed] = columns[changed] * jnp.exp(scale) + shift
        log_det += scale
    base = (0.5 * jnp.concatenate(columns, axis=1) ** 2 + 0.5 * math.log(2 * math.pi)).sum(1)
    return (base - log_det.squeeze(1)).mean()


def cosine(a, b):  # [B, d] twice -> [B]
    return (a * b).sum(1) / (jnp.sqrt((a**2).sum(1)) * jnp.sqrt((b**2).sum(1)))


def simsiam(p, x, noise):  # x [B, 64], noise [2, B, 64]
    z1, z2 = (perceptron(p, "encoder", 2, x + 0.1 * view, jax.nn.relu) for view in noise)  # [B, 32] each
    p1, p2 = (perceptron(p, "predictor", 2, z, jax.nn.relu) for z in (z1, z2))
    return -0.5 * (cosine(p1, lax.stop_gradient(z2)) + cosine(p2, lax.stop_gradient(z1))).mean()


def gan(p, batch, noise):
    """The bilinear game."""
    return p["critic"] @ (p["matrix"] @ p["generator"])


def svi(p, x, noise, deviation=0.1):  # x [B, 16], noise [B, 8, 2]
    mu, log_sigma = jnp.split(p["posteriors"], 2, axis=1)  # [B, 2] each
    sigma = jnp.exp(log_sigma)
    z = mu[:, None] + sigma[:, None] * noise  # [B, 8, 2]
    mean = perceptron(p, "decoder", 3, z, jnp.tanh)  # [B, 8, 16]
    distortion = ((x[:, None] - mean) ** 2).sum(2).mean(1) / (2 * deviation**2)
    normalizer = 16 * math.log(deviation * math.sqrt(2 * math.pi))
    kl = (0.5 * (mu**2 + sigma**2 - 1) - log_sigma).sum(1)
    return (distortion + kl).mean() + normalizer


def flowmatching(p, x1, noise):  # x1 [B, 2], noise [B, 3]: normals, and a time
    x0, t = noise[:, :2], noise[:, 2:]
    angles = math.pi * t * jnp.arange(1, 5)  # [B, 4]
    inputs = jnp.concatenate(((1 - t) * x0 + t * x1, jnp.sin(angles), jnp.cos(angles)), axis=1)
    v = perceptron(p, "net", 4, inputs, jax.nn.silu)  # [B, 2]
    return ((v - (x1 - x0)) ** 2).sum(1).mean()


# The table


def normals(*shape):
    """Draws [B, *shape] by a key."""
    return lambda key, batch_size: jax.random.normal(key, (batch_size, *shape))


def normals_and_times(key, batch_size):
    normal_key, time_key = jax.random.split(key)
    return jnp.concatenate(
        (jax.random.normal(normal_key, (batch_size, 2)), jax.random.uniform(time_key, (batch_size, 1))), axis=1
    )


def full_kernels(parameters):
    """Natural convolutions hold full kernels: [taps, in, out] -> [size, size, in, out]."""
    sizes = {1: 1, 4: 3, 5: 3}  # taps -> size
    return {path: full_kernel(a, sizes[len(a)]) if a.ndim == 3 else a for path, a in parameters.items()}


class Workload(NamedTuple):
    loss: Callable
    optimizer: Optimizer
    draw_noise: Callable = lambda key, batch_size: None
    layout: Callable = lambda parameters: parameters  # from the start file's to the loss's
    draws_rows: bool = True  # whether a batch is drawn from the data; otherwise it is all of them


WORKLOADS = {
    "pixelcnn": Workload(pixelcnn, adam(1e-3), layout=full_kernels),
    "pixelcnn expert": Workload(pixelcnn_expert, adam(1e-3)),
    "mlp": Workload(mlp, sgd(0.05)),
    "vae": Workload(vae, adam(1e-3), normals(2)),
    "realnvp": Workload(realnvp, adam(1e-3)),
    "simsiam": Workload(simsiam, momentum(0.05, 0.9), lambda key, batch_size: jax.random.normal(key, (2, batch_size, 64))),
    "gan": Workload(gan, simultaneous(0.01)),
    "svi": Workload(svi, adam(1e-2), normals(8, 2), draws_rows=False),
    "flowmatching": Workload(flowmatching, adam(1e-3), normals_and_times),
}
