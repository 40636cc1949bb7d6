"""Pictures and films in and out of files, camera mathematics, pose clips. Import the submodule you need.

- `images`: JPEG, WebP and PNG to and from arrays, with the workflow inside.
- `video`: MP4 and WebM writers and readers, with the workflow inside.
- `disk`: a full disk, named.
- `metadata`: the workflow back out of any file written here.
- `camera`, `steering`: look-at, orbit and keyframe splines; a camera flown by hand.
- `curve`: a number over time from keyframes.
- `pose`: the clip format and image-space keypoints.
"""

__all__ = ["camera", "curve", "disk", "images", "metadata", "pose", "steering", "video"]
