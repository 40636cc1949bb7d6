"""The live generator: one forward pass per tick, and the decoder that turns its latents into video frames."""

from __future__ import annotations

from collections.abc import AsyncIterator
from time import perf_counter
from typing import Annotated, Any, NamedTuple, cast

from nodegraph.graph import Choice, Context, Live, Seed, node
from nodegraph.media.images import fit_image
from nodegraph.values import Camera, Frames, Generator, Image, Latent, Pose, Prompt
from nodegraph_nodes.image import picture_digest

__all__ = ["Apt2Decode", "Apt2Step", "FramesOut", "LatentOut"]

ON_PROMPT = ("keep", "flush", "recache")


class LatentOut(NamedTuple):
    """What the step gives."""

    latent: Latent


class FramesOut(NamedTuple):
    """Video frames, one tick at a time."""

    frames: Frames


class _OneSession:
    """The state both nodes have: something with `snapshot` and `restore` that is made when the run begins."""

    def __init__(self) -> None:
        self._living: Any = None
        self._restored: dict[str, Any] | None = None

    def _begin(self, living: Any) -> None:
        if self._restored is not None:
            living.restore(self._restored)
        self._living, self._restored = living, None

    def snapshot(self) -> dict[str, Any]:
        """Return the exact state; empty before the first tick."""
        if self._living is None:
            return {} if self._restored is None else self._restored
        state: dict[str, Any] = self._living.snapshot()
        return state

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a snapshot, at once or when the run begins."""
        if not state:
            return
        if self._living is None:
            self._restored = state
        else:
            self._living.restore(state)


@node(id="apt2.step", version=1, name="APT2 step", category="generator", session=True)
class Apt2Step(_OneSession):
    """Generate the next latent frame: one forward pass of the model per tick.

    The session inside remembers what it showed (a window of past frames and always the first one), so the picture goes
    on while you change prompt, camera and pose. Without a camera the view stays put, without a pose there is no
    character. The same seed and the same controls give the same video.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown = self._seen = ""
        """Digests of the picture that the session has turned to and of the last view that it was given: part of the
        state, or a branch would turn again."""

    def snapshot(self) -> dict[str, Any]:
        """Return the exact state; empty before the first tick."""
        state = super().snapshot()
        return {**state, "shown": self._shown, "seen": self._seen} if state else state

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a snapshot, at once or when the run begins."""
        self._shown, self._seen = state.get("shown", self._shown), state.get("seen", self._seen)
        super().restore(state)

    def _show(self, model: Any, image: Image | None) -> None:
        """Give the session another picture; taking the picture away changes nothing."""
        digest = picture_digest(image)
        if image is not None and digest != self._shown:
            latent = model.encode(fit_image(image.pixels, model.width, model.height)[None])[0]
            self._living.turn_to(latent, camera=image.camera, pose=image.pose, at_place=image.at_place)
        self._shown = digest

    def _see(self, model: Any, view: Image | None, camera: Camera | None) -> None:
        """Give the session a further picture of where it is; one that it had before it turned elsewhere, again."""
        from nodegraph.generator.session import frames_to_video  # torch

        digest = picture_digest(view) + self._shown
        if view is not None and digest != self._seen:
            pixels = fit_image(view.pixels, model.width, model.height)
            as_is = view.pixels.shape == pixels.shape  # else the layers would no longer lie on it
            self._living.see(
                frames_to_video(pixels[None])[0, 0],
                camera=view.camera or camera or Camera(),
                pose=view.pose,
                nearness=view.nearness if as_is else None,
                body=view.body if as_is else None,
            )
        self._seen = digest

    async def run(
        self,
        *,
        ctx: Context,
        tick: AsyncIterator[int],
        generator: Annotated[Generator, "The model to use."],
        prompt: Live[Annotated[Prompt, "What to show."]],
        camera: Live[Annotated[Camera | None, "Where it is seen from; without one the view stays put."]] = Live(None),
        pose: Live[Annotated[Pose | None, "The character's pose; without one there is no character."]] = Live(None),
        image: Live[
            Annotated[Image | None, "A picture to start from, cropped to the model's size; another one is turned to."]
        ] = Live(None),
        views: Live[
            Annotated[
                Image | None,
                "Further pictures of the same place, one after another: what lies beside and behind, or the character "
                "from another side. They are remembered, not turned to.",
            ]
        ] = Live(None),
        seed: Annotated[int, Seed(), "The same seed gives the same video."] = 0,
        on_prompt: Annotated[
            str,
            Choice(options=ON_PROMPT),
            "A new prompt: keep what was shown (smooth), flush it (quick), or recache it under the new words.",
        ] = "keep",
    ) -> AsyncIterator[LatentOut]:
        """Yield one latent frame per tick."""
        from nodegraph.generator.session import Controls  # torch

        model = generator.handle
        view: Image | None = None
        shown = image.value if self._restored is None else None
        if self._restored is None:
            self._shown = picture_digest(shown)
        async with model.turn(ctx.live):
            self._begin(await ctx.compute(model.device, _start, model, seed, shown))
        async for t in tick:
            async with model.turn(ctx.live):
                started = perf_counter()
                before = self._shown
                if image.value is not shown:
                    shown = image.value
                    await ctx.compute(model.device, self._show, model, shown)
                if views.value is not view or self._shown != before:
                    view = views.value
                    await ctx.compute(model.device, self._see, model, view, camera.value)
                controls = Controls(
                    prompt=prompt.value,
                    camera=camera.value,
                    pose=pose.value,
                    on_prompt=cast(Any, on_prompt),
                    same_place=shown is not None and shown.at_place and self._shown == before,
                )
                data = await ctx.compute(model.device, self._living.step, controls)
            ctx.timing("step", (perf_counter() - started) * 1000.0)
            ctx.progress(t + 1, ctx.ticks)
            yield LatentOut(Latent(tick=t, data=data, generator=generator))


def _start(model: Any, seed: int, image: Image | None) -> Any:
    """A session that starts from the image, or from the prompt alone."""
    if image is None:
        return model.session(seed)
    pixels = fit_image(image.pixels, model.width, model.height)
    return model.session(seed, pixels, at_place=image.at_place, camera=image.camera, pose=image.pose)


@node(id="apt2.decode", version=1, name="APT2 decode", category="generator", session=True)
class Apt2Decode(_OneSession):
    """Turn latent frames into video frames: four per tick, one for the very first.

    The decoder is causal and keeps its own memory, so there is no seam between ticks.
    """

    async def run(
        self,
        *,
        ctx: Context,
        latent: Annotated[AsyncIterator[Latent], "Latent frames, in order."],
    ) -> AsyncIterator[FramesOut]:
        """Yield the frames of each tick."""
        async for item in latent:
            model = item.generator.handle
            if self._living is None:
                self._begin(model.decoder())
            async with model.turn(ctx.live):
                started = perf_counter()
                pixels = await ctx.compute(model.device, self._living.decode, item.data)
            ctx.timing("decode", (perf_counter() - started) * 1000.0)
            yield FramesOut(Frames(tick=item.tick, pixels=pixels))
