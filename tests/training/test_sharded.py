"""Two processes that share a model train it as one does."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = '''
import sys
import torch
from dataclasses import replace
from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.config import preset
from nodegraph.training import sharded
from nodegraph.training.latents import Batch
from nodegraph.training.loop import train
from nodegraph.training.settings import settings_for
from nodegraph.training.stages import FlowStage
from pathlib import Path

folder, steps = Path(sys.argv[1]), int(sys.argv[2])
device = sharded.join("cpu")
config = preset("debug")
config = replace(config, text=replace(config.text, vocabulary=("a", "robot")))
torch.manual_seed(0)
weights = Weights(config)


class SameClips:
    """The same clips for every process, so that their mean gradient is that of one process."""

    def __len__(self) -> int:
        return 0  # nothing to fit the resampling to: it stays what it is without

    def batch(self, key, size, frames, *, stills, device):
        torch.manual_seed(key[2])
        count = 1 if stills else frames
        _, rows, columns = config.latent_shape
        return Batch(
            x0=torch.randn(size, count, *config.latent_shape),
            planes=torch.randn(size, count, config.condition_channels, rows, columns),
            tokens=torch.ones(size, 16, dtype=torch.long),
            captions=["a robot"] * size,
        )


settings = replace(
    settings_for("debug", "adapt"), steps=4, optimizer="adamw", precision="fp32", save_every=2, sheet_every=100
)
stage = FlowStage(weights, settings, SameClips(), seed=0, device=device)
if steps < 4:
    stage.settings = replace(settings, steps=4)
    from nodegraph.training.loop import _save
    for step in range(steps):
        stage.step(step)
        stage.ema.update(stage.net, step)
    folder.mkdir(parents=True, exist_ok=True)
    _save(stage, folder, steps)
else:
    assert train(stage, folder, minutes=None, sheet=lambda weights, path: None)
sharded.leave()
'''


def run(folder: Path, *, processes: int, steps: int = 4) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shared = {
        "WORLD_SIZE": str(processes),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "OMP_NUM_THREADS": "1",
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(folder), str(steps)],
            env=os.environ | shared | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(processes)
    ]
    try:
        said = [process.communicate(timeout=240)[1] for process in started]
    finally:
        for process in started:
            process.kill()
    assert [process.returncode for process in started] == [0] * processes, said


@pytest.mark.slow
def test_two_processes_train_what_one_trains_and_resume_exactly(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    run(tmp_path / "one", processes=1)
    run(tmp_path / "two", processes=2)
    run(tmp_path / "again", processes=2, steps=2)  # stopped after two steps
    run(tmp_path / "again", processes=2)
    one, two, again = (load_file(tmp_path / name / "model.safetensors") for name in ("one", "two", "again"))
    for name, value in one.items():
        torch.testing.assert_close(two[name], value, atol=2e-5, rtol=1e-4)
        assert torch.equal(two[name], again[name]), name
    start = load_file(tmp_path / "two" / "state.safetensors")
    assert int(start["step"]) == 4
