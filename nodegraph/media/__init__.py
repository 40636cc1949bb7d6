"""Pictures and films in and out of files, camera mathematics, pose clips. Import the submodule you need.

- `images`: JPEG, WebP and PNG to and from arrays, with the workflow inside.
- `video`: MP4 and WebM writers and readers, with the workflow inside.
- `metadata`: the workflow back out of any file written here.
- `camera`: look-at, orbit, steering and keyframe splines.
- `pose`: the clip format and image-space keypoints.
"""

__all__ = ["camera", "images", "metadata", "pose", "video"]
