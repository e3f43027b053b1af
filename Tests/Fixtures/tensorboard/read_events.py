"""What TensorBoard reads in a folder of runs, a line for each number and picture, with tabs between its words:

READER KIND RUN TAG STEP VALUE

READER is one of three: "accumulator", which programs use; "pages", what the pages show with --load_fast=false; and "server",
what they show by default, by the data server, where there is one for this machine. VALUE is the bits of a Double, or the
SHA-256 of a picture.

Usage: read_events.py FOLDER [COMMAND...]. With a command, which writes more, the readers read once before it and go on after
it, as those of a server do.
"""

import hashlib
import struct
import subprocess
import sys
import time

from tensorboard.backend.event_processing import data_provider
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.backend.event_processing import event_multiplexer
from tensorboard.backend.event_processing import plugin_event_multiplexer
from tensorboard.context import RequestContext
from tensorboard.data import server_ingester
from tensorboard.util import grpc_util
from tensorboard.util import tensor_util

EVERYTHING = 1_000_000


def tell(reader, kind, run, tag, step, value):
    print(reader, kind, run, tag, step, value, sep="\t")


def bits(value):
    return struct.pack(">d", value).hex()


def digest(picture):
    return hashlib.sha256(picture).hexdigest()


def read_accumulators(folder):
    sizes = {event_accumulator.SCALARS: 0, event_accumulator.TENSORS: 0, event_accumulator.IMAGES: 0}
    multiplexer = event_multiplexer.EventMultiplexer(size_guidance=sizes).AddRunsFromDirectory(folder)
    multiplexer.Reload()
    for run in multiplexer.Runs():
        accumulator = multiplexer.GetAccumulator(run)
        tags = accumulator.Tags()
        for tag in tags["scalars"]:
            for event in accumulator.Scalars(tag):
                tell("accumulator", "float", run, tag, event.step, bits(event.value))
        for tag in tags["tensors"]:
            for event in accumulator.Tensors(tag):
                array = tensor_util.make_ndarray(event.tensor_proto)
                assert array.shape == () and array.dtype == "float64", tag
                tell("accumulator", "double", run, tag, event.step, bits(array.item()))
        for tag in tags["images"]:
            for event in accumulator.Images(tag):
                tell("accumulator", "picture", run, tag, event.step, digest(event.encoded_image_string))


def pages(provider):
    """What a provider of data gives the pages: (kind, run, tag, step, value)."""
    context = RequestContext()
    everything = {"experiment_id": "", "downsample": EVERYTHING}
    lines = []
    scalars = provider.read_scalars(context, plugin_name="scalars", **everything)
    for run, tags in scalars.items():
        for tag, series in tags.items():
            lines += [("float", run, tag, datum.step, bits(datum.value)) for datum in series]
    pictures = provider.read_blob_sequences(context, plugin_name="images", **everything)
    for run, tags in pictures.items():
        for tag, series in tags.items():
            for datum in series:
                # Width and height come first.
                for reference in datum.values[2:]:
                    picture = provider.read_blob(context, blob_key=reference.blob_key)
                    lines.append(("picture", run, tag, datum.step, digest(picture)))
    return lines


class Pages:
    def __init__(self, folder):
        sizes = {"scalars": 0, "images": 0}
        self.multiplexer = plugin_event_multiplexer.EventMultiplexer(tensor_size_guidance=sizes)
        self.folder = folder

    def read(self):
        self.multiplexer.AddRunsFromDirectory(self.folder).Reload()
        return pages(data_provider.MultiplexerDataProvider(self.multiplexer, self.folder))


class Server:
    def __init__(self, folder):
        self.server = server_ingester.SubprocessServerDataIngester(
            server_ingester.get_server_binary(),
            folder,
            reload_interval=1,
            channel_creds_type=grpc_util.ChannelCredsType.LOCAL,
            samples_per_plugin={"scalars": 0, "images": 0},
        )
        self.server.start()

    def read(self, expected):
        """It looks on its own, once a second: waits until it has seen as much as another reader."""
        deadline = time.monotonic() + 60
        while True:
            lines = pages(self.server.data_provider)
            if sorted(lines) == sorted(expected) or time.monotonic() > deadline:
                return lines
            time.sleep(0.1)


def main(folder, command):
    reader = Pages(folder)
    try:
        server = Server(folder)
    except server_ingester.NoDataServerError:
        server = None
    if command:
        before = reader.read()
        if server:
            server.read(before)
        subprocess.run(command, check=True)
    lines = reader.read()
    for line in lines:
        tell("pages", *line)
    if server:
        for line in server.read(lines):
            tell("server", *line)
    read_accumulators(folder)


main(sys.argv[1], sys.argv[2:])
