"""Trains a workload in PyTorch: the same step for the check and for the clock."""

import torch
from torch import nn

from common import full_kernel
from torch_workloads import WORKLOADS


def torch_layout(module, weight):
    """From the start file's layout to PyTorch's."""
    if isinstance(module, nn.Linear):  # [in, out] -> [out, in]
        return weight.T
    if isinstance(module, nn.Conv2d):  # [taps, in, out] -> [out, in, size, size]
        return full_kernel(weight, module.kernel_size[0]).transpose(3, 2, 0, 1)
    return weight


@torch.no_grad()
def load(net, parameters):
    """Copies in place, so that what is compiled stays valid."""
    own = dict(net.named_parameters())
    if own.keys() != parameters.keys():
        raise ValueError(f"the start file has parameters {sorted(parameters)}, the net {sorted(own)}")
    for path, value in parameters.items():
        module_path, _, name = path.rpartition(".")
        if name == "weight":
            value = torch_layout(net.get_submodule(module_path), value)
        if own[path].shape != value.shape:
            raise ValueError(f"{path}: {list(value.shape)} in the start file, {list(own[path].shape)} in the net")
        own[path].copy_(torch.from_numpy(value.copy()))


class TorchTrainer:
    def __init__(self, start, form, threads):
        torch.set_num_threads(threads)
        self.start = start
        self.net = WORKLOADS[start.workload]()
        self.loss = torch.compile(self.net) if form == "compile" else self.net
        self.step = self.step_game if start.workload == "gan" else self.step_net
        if start.data is None:
            self.batch = ()
            self.draw = lambda: (self.batch, None)
        else:
            self.batch = self.net.examples(start.batch)
            self.examples = self.net.examples(start.data)
            self.draw = self.draw_minibatch if self.net.DRAWS_ROWS else self.draw_all
        self.reset()

    def reset(self):
        load(self.net, self.start.parameters | self.start.constants)
        self.optimizer = self.net.optimizer()

    def check(self):
        """The losses before each of K + 1 steps on the fixed batch."""
        losses = []
        for s in range(self.start.steps + 1):
            noise = None if self.start.noise is None else torch.from_numpy(self.start.noise[s])
            losses.append(self.step(self.batch, noise).item())
        return losses

    def run(self, steps):
        for _ in range(steps):
            self.step(*self.draw())

    def draw_minibatch(self):
        rows = torch.randint(len(self.examples[0]), (len(self.batch[0]),))
        return tuple(tensor[rows] for tensor in self.examples), self.draw_noise()

    def draw_all(self):
        return self.examples, self.draw_noise()

    def draw_noise(self):
        return self.net.draw_noise(len(self.batch[0]))

    def step_net(self, batch, noise):
        self.optimizer.zero_grad()
        loss = self.loss(*batch, noise)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def step_game(self, batch, noise):
        """The critic goes up and the generator down, both from the old values."""
        net = self.net
        value = self.loss(*batch, noise)
        up, down = torch.autograd.grad(value, (net.critic, net.generator))
        with torch.no_grad():
            net.critic += net.RATE * up
            net.generator -= net.RATE * down
        return value.detach()
