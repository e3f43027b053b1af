"""The workloads in PyTorch, as a user would write them: modules whose forward is the loss of a batch.

Each class has, besides forward(*batch, noise):
    examples(data)      the data as the tuple of tensors that a batch is drawn from
    draw_noise(B)       one step's noise, or None
    DRAWS_ROWS          whether a batch is drawn from the data; otherwise it is all of them
    optimizer()         the optimizer, with PyTorch's own choice of implementation, or None
Module names are the paths of the start file; a parameter without gradient is one of its constants.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from common import kernel_mask


def linears(*widths):
    return nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))


def perceptron(layers, x, activation):
    for layer in layers[:-1]:
        x = activation(layer(x))
    return layers[-1](x)


class MaskedConv2d(nn.Conv2d):
    """A convolution of the full size, its kernel multiplied by 0 or 1."""

    def __init__(self, inputs, outputs, size, kind):
        super().__init__(inputs, outputs, size, padding=size // 2)
        self.register_buffer("mask", torch.from_numpy(kernel_mask(size, kind)))  # [size, size]

    def forward(self, x):
        return F.conv2d(x, self.weight * self.mask, self.bias, padding=self.padding)


class Workload(nn.Module):
    DRAWS_ROWS = True

    def examples(self, data):
        return (torch.from_numpy(data),)

    def draw_noise(self, batch_size):
        return None

    def optimizer(self):
        return torch.optim.Adam(self.parameters(), lr=1e-3, fused=True)


class PixelCNN(Workload):
    def __init__(self):
        super().__init__()
        self.masked = nn.ModuleList(
            [MaskedConv2d(1, 32, 3, "A"), MaskedConv2d(32, 32, 3, "B"), MaskedConv2d(32, 32, 3, "B")]
        )
        self.output = nn.Conv2d(32, 1, 1)

    def examples(self, data):  # [N, 5, 5, 1] -> [N, 1, 5, 5]
        return (torch.from_numpy(data).permute(0, 3, 1, 2).contiguous(),)

    def forward(self, x, noise):
        h = self.masked[0](x)  # [B, 32, 5, 5]
        for layer in self.masked[1:]:
            h = layer(F.relu(h))
        logits = self.output(F.relu(h))  # [B, 1, 5, 5]
        return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


class MLP(Workload):
    def __init__(self):
        super().__init__()
        self.layers = linears(784, 256, 128, 10)

    def examples(self, data):  # [N, 784] and the labels [N]
        data = torch.from_numpy(data)
        return data[:, :784].contiguous(), data[:, 784:].argmax(dim=1)

    def optimizer(self):
        return torch.optim.SGD(self.parameters(), lr=0.05)

    def forward(self, x, labels, noise):
        return F.cross_entropy(perceptron(self.layers, x, F.relu), labels)


class VAE(Workload):
    SIGMA = 0.1

    def __init__(self):
        super().__init__()
        self.encoder = linears(16, 64, 64, 4)
        self.decoder = linears(2, 64, 64, 16)

    def draw_noise(self, batch_size):
        return torch.randn(batch_size, 2)

    def forward(self, x, noise):
        mu, log_sigma = perceptron(self.encoder, x, torch.tanh).chunk(2, dim=1)  # [B, 2] each
        sigma = log_sigma.exp()
        mean = perceptron(self.decoder, mu + sigma * noise, torch.tanh)  # [B, 16]
        distortion = ((x - mean) ** 2).sum(1) / (2 * self.SIGMA**2)
        normalizer = 16 * math.log(self.SIGMA * math.sqrt(2 * math.pi))
        kl = (0.5 * (mu**2 + sigma**2 - 1) - log_sigma).sum(1)
        return (distortion + kl).mean() + normalizer


class RealNVP(Workload):
    COUPLINGS = 8

    def __init__(self):
        super().__init__()
        self.couplings = nn.ModuleList(linears(1, 64, 64, 2) for _ in range(self.COUPLINGS))

    def forward(self, x, noise):
        columns = list(x.split(1, dim=1))  # [B, 1] each
        log_det = torch.zeros(len(x), 1)
        for k, layers in enumerate(self.couplings):
            raw, shift = perceptron(layers, columns[k % 2], torch.tanh).chunk(2, dim=1)  # [B, 1] each
            scale = torch.tanh(raw)
            columns[1 - k % 2] = columns[1 - k % 2] * scale.exp() + shift
            log_det = log_det + scale
        base = (0.5 * torch.cat(columns, dim=1) ** 2 + 0.5 * math.log(2 * math.pi)).sum(1)
        return (base - log_det.squeeze(1)).mean()


def cosine(a, b):  # [B, d] twice -> [B]
    return (a * b).sum(1) / ((a**2).sum(1).sqrt() * (b**2).sum(1).sqrt())


class SimSiam(Workload):
    def __init__(self):
        super().__init__()
        self.encoder = linears(64, 128, 32)
        self.predictor = linears(32, 16, 32)

    def draw_noise(self, batch_size):
        return torch.randn(2, batch_size, 64)

    def optimizer(self):
        return torch.optim.SGD(self.parameters(), lr=0.05, momentum=0.9)

    def forward(self, x, noise):
        z1, z2 = (perceptron(self.encoder, x + 0.1 * view, F.relu) for view in noise)  # [B, 32] each
        p1, p2 = (perceptron(self.predictor, z, F.relu) for z in (z1, z2))
        return -0.5 * (cosine(p1, z2.detach()) + cosine(p2, z1.detach())).mean()


class GAN(Workload):
    """The bilinear game."""

    RATE = 0.01

    def __init__(self):
        super().__init__()
        self.critic = nn.Parameter(torch.zeros(16))
        self.generator = nn.Parameter(torch.zeros(16))
        self.matrix = nn.Parameter(torch.zeros(16, 16), requires_grad=False)

    def optimizer(self):
        return None  # no optimizer of PyTorch's moves two players at once: TorchTrainer.step_game

    def forward(self, noise):
        return self.critic @ (self.matrix @ self.generator)


class SVI(Workload):
    DRAWS_ROWS = False
    SIGMA = 0.1

    def __init__(self):
        super().__init__()
        self.posteriors = nn.Parameter(torch.zeros(1000, 4))
        self.decoder = linears(2, 64, 64, 16).requires_grad_(False)

    def draw_noise(self, batch_size):
        return torch.randn(batch_size, 8, 2)

    def optimizer(self):
        return torch.optim.Adam([self.posteriors], lr=1e-2, fused=True)

    def forward(self, x, noise):
        mu, log_sigma = self.posteriors.chunk(2, dim=1)  # [B, 2] each
        sigma = log_sigma.exp()
        z = mu[:, None] + sigma[:, None] * noise  # [B, 8, 2]
        mean = perceptron(self.decoder, z, torch.tanh)  # [B, 8, 16]
        distortion = ((x[:, None] - mean) ** 2).sum(2).mean(1) / (2 * self.SIGMA**2)
        normalizer = 16 * math.log(self.SIGMA * math.sqrt(2 * math.pi))
        kl = (0.5 * (mu**2 + sigma**2 - 1) - log_sigma).sum(1)
        return (distortion + kl).mean() + normalizer


class FlowMatching(Workload):
    def __init__(self):
        super().__init__()
        self.net = linears(10, 64, 64, 64, 2)
        self.register_buffer("frequencies", math.pi * torch.arange(1, 5), persistent=False)

    def draw_noise(self, batch_size):
        return torch.cat((torch.randn(batch_size, 2), torch.rand(batch_size, 1)), dim=1)

    def forward(self, x1, noise):  # x1 [B, 2], noise [B, 3]: normals, and a time
        x0, t = noise[:, :2], noise[:, 2:]
        angles = t * self.frequencies  # [B, 4]
        inputs = torch.cat(((1 - t) * x0 + t * x1, angles.sin(), angles.cos()), dim=1)
        v = perceptron(self.net, inputs, F.silu)  # [B, 2]
        return ((v - (x1 - x0)) ** 2).sum(1).mean()


WORKLOADS = {
    "pixelcnn": PixelCNN,
    "mlp": MLP,
    "vae": VAE,
    "realnvp": RealNVP,
    "simsiam": SimSiam,
    "gan": GAN,
    "svi": SVI,
    "flowmatching": FlowMatching,
}
