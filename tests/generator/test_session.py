"""Sessions: deterministic, steerable, restorable."""

import numpy as np
import pytest
import torch

from nodegraph.errors import NodegraphError
from nodegraph.generator import pool
from nodegraph.generator.checkpoint import load_weights, random_weights, save_weights
from nodegraph.generator.config import preset
from nodegraph.generator.control import pose_maps, ray_maps
from nodegraph.generator.rays import project
from nodegraph.generator.session import Controls, noise
from nodegraph.values import Camera, Pose, Prompt

PROMPT = Prompt(text="a robot")


def _turned(degrees: float) -> Camera:
    c2w = Camera().c2w.copy()
    a = np.radians(degrees)
    c2w[:3, :3] = [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]
    return Camera(c2w=c2w)


def _clip(ticks: int, **controls: object) -> list[torch.Tensor]:
    session = pool.load("debug", "cpu").session(3)
    return [session.step(Controls(prompt=PROMPT, **controls)) for _ in range(ticks)]  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_latents_and_another_does_not() -> None:
    first, second = _clip(4), _clip(4)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    other = pool.load("debug", "cpu").session(4).step(Controls(prompt=PROMPT))
    assert not torch.equal(other, first[0])


def test_noise_depends_on_seed_and_tick_alone() -> None:
    assert torch.equal(noise(1, 5, (3, 4)), noise(1, 5, (3, 4)))
    assert not torch.equal(noise(1, 5, (3, 4)), noise(1, 6, (3, 4)))
    assert not torch.equal(noise(1, 5, (3, 4)), noise(2, 5, (3, 4)))


@pytest.mark.parametrize("change", [{"camera": _turned(8.0)}, {"pose": Pose(keypoints=np.ones((17, 3)))}])
def test_camera_and_pose_change_what_is_made(change: dict[str, object]) -> None:
    model = pool.load("debug", "cpu")
    still, moved = model.session(3), model.session(3)
    for session in (still, moved):
        session.step(Controls(prompt=PROMPT))
    a = still.step(Controls(prompt=PROMPT))
    b = moved.step(Controls(prompt=PROMPT, **change))  # type: ignore[arg-type]
    assert (a - b).abs().max() > 1e-3


@pytest.mark.parametrize("on_prompt", ["keep", "flush", "recache"])
def test_a_snapshot_continues_bit_for_bit_across_a_prompt_change(on_prompt: str) -> None:
    model = pool.load("debug", "cpu")
    session, decoder = model.session(9), model.decoder()
    for tick in range(7):
        decoder.decode(session.step(Controls(prompt=PROMPT, camera=_turned(tick))))
    kept, kept_decoder = session.snapshot(), decoder.snapshot()

    def go_on() -> list[np.ndarray]:
        controls = [Controls(prompt=Prompt(text="other"), camera=_turned(7 + i), on_prompt=on_prompt) for i in range(5)]  # type: ignore[arg-type]
        return [decoder.decode(session.step(c)) for c in controls]

    first = go_on()
    session.restore(kept)
    decoder.restore(kept_decoder)
    assert all(np.array_equal(a, b) for a, b in zip(first, go_on(), strict=True))


def test_an_image_is_the_first_frame() -> None:
    model = pool.load("debug", "cpu")
    image = np.full((model.height, model.width, 3), 200, np.uint8)
    latent = model.session(1, image).step(Controls(prompt=PROMPT))
    torch.testing.assert_close(latent, model.encode(image[None])[0])


def test_an_image_of_a_known_place_lets_the_camera_be_placed() -> None:
    model = pool.load("debug", "cpu")
    image = np.full((model.height, model.width, 3), 90, np.uint8)
    own, known = model.session(2, image), model.session(2, image, at_place=True)
    controls = [Controls(prompt=PROMPT, camera=_turned(i)) for i in range(3)]
    assert torch.equal(own.step(controls[0]), known.step(controls[0])), "the image itself"
    assert not torch.equal(own.step(controls[1]), known.step(controls[1]))
    again = model.session(9)
    again.restore(known.snapshot())
    assert torch.equal(again.step(controls[2]), known.step(controls[2])), "a snapshot keeps it"


def test_a_primed_session_goes_on_after_the_given_latents() -> None:
    model = pool.load("debug", "cpu")
    image = np.full((model.height, model.width, 3), 90, np.uint8)
    long = model.session(2, image)
    controls = [Controls(prompt=PROMPT, camera=_turned(i)) for i in range(6)]
    latents = [long.step(c) for c in controls]
    primed = model.session(2, image)
    primed.prime(latents[:5], controls[:5])
    assert primed.tick == 5
    assert torch.equal(primed.step(controls[5]), latents[5])


def test_a_session_runs_on_and_its_cache_does_not_grow() -> None:
    session = pool.load("debug", "cpu").session(1)
    for _ in range(20):
        latent = session.step(Controls(prompt=PROMPT))
    assert latent.isfinite().all()
    assert session.snapshot()["cache"]["k"].shape[2] == preset("debug").transformer.window + 1


def test_weights_survive_a_round_trip_and_a_broken_file_is_explained(tmp_path) -> None:
    weights = random_weights(preset("debug"))
    save_weights(tmp_path / "w", weights, dtype=torch.float32)
    back = load_weights(tmp_path / "w")
    assert all(
        torch.equal(a, b) for a, b in zip(weights.state_dict().values(), back.state_dict().values(), strict=True)
    )
    (tmp_path / "w" / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(NodegraphError) as caught:
        load_weights(tmp_path / "w")
    assert caught.value.code == "bad_file"


def test_an_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NodegraphError, match="tiny") as caught:
        pool.load("huge")
    assert caught.value.code == "unknown_preset"


def test_points_ahead_project_to_the_middle_and_rays_are_zero_without_motion() -> None:
    camera = Camera()
    ahead = np.array([[0.0, 1.5, 0.0], [1.0, 1.5, 0.0], [0.0, 2.5, 0.0]])
    x, y = project(ahead, camera, 5 / 3)[:, :2].T
    assert x[0] == pytest.approx(0.5) and y[0] == pytest.approx(0.5)
    assert x[1] > 0.5 and y[2] < 0.5
    planes = ray_maps(camera, camera, 6, 8)
    assert np.abs(planes[:3]).max() == 0 and np.abs(planes[6:]).max() < 1e-6
    right = ray_maps(camera, _turned(-5.0), 6, 8)
    assert right[6].mean() > 0.1, "turning right points the rays to +x"


def test_a_heat_map_peaks_where_the_point_is_and_hidden_points_are_dark() -> None:
    points = np.zeros((17, 3))
    points[:, :2] = (0.25, 0.5)
    confidence = np.ones(17)
    confidence[3] = 0
    maps = pose_maps(Pose(keypoints=points, confidence=confidence, space="image"), Camera(), 6, 8)
    assert np.unravel_index(maps[0].argmax(), maps[0].shape)[1] in (1, 2)
    assert maps[3].max() == 0 and pose_maps(None, Camera(), 6, 8).max() == 0
