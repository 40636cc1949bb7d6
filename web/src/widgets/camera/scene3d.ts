/** The path in 3-D: ground, character, keyframes with gizmos, the curve. Drawn only when something has changed. */
import * as THREE from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { TransformControls } from "three/addons/controls/TransformControls.js";
import { FIGURE, GROUND, HEAD_CENTRE, HEAD_M, type Segment } from "./figure";
import { frustumCorners } from "./first_person";
import type { CameraKey } from "./path";
import { trace } from "./spline";
import { fromYawPitch, type Vec3, yawPitchTowards } from "./vector";
import type { PathEvents, PathScene, PathView } from "./view";

const FRUSTUM_M = 0.55;
const BONE_M = 0.028;
const PICK_PX = 22;
const CLICK_PX = 4;

/** A set of lines in one colour whose points can be replaced. */
class Lines {
  readonly object: THREE.LineSegments<THREE.BufferGeometry, THREE.LineBasicMaterial>;

  constructor(parent: THREE.Object3D, segments: readonly Segment[] = []) {
    this.object = new THREE.LineSegments(new THREE.BufferGeometry(), new THREE.LineBasicMaterial());
    this.object.frustumCulled = false;
    parent.add(this.object);
    this.set(segments);
  }

  set(segments: readonly Segment[]): void {
    this.object.geometry.dispose();
    this.object.geometry = new THREE.BufferGeometry();
    this.object.geometry.setAttribute("position", new THREE.Float32BufferAttribute(segments.flat(2), 3));
  }

  color(css: string): void {
    this.object.material.color.setStyle(css);
  }
}

function frustum(fov: number, depth: number): readonly Segment[] {
  const corners = frustumCorners(fov, depth);
  const corner = (i: number): Vec3 => corners[i % 4] ?? [0, 0, 0];
  const roof: Vec3 = [0, corner(0)[1] * 1.35, -depth];
  return [
    ...[0, 1, 2, 3].flatMap((i): Segment[] => [
      [[0, 0, 0], corner(i)],
      [corner(i), corner(i + 1)],
    ]),
    [corner(0), roof],
    [corner(1), roof],
  ];
}

/** The character: a rod for each bone and a ball for the head. */
function figure(skin: THREE.Material): THREE.Object3D {
  const body = new THREE.Group();
  const up = new THREE.Vector3(0, 1, 0);
  for (const [from, to] of FIGURE) {
    const bone = new THREE.Vector3(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    const rod = new THREE.Mesh(new THREE.CylinderGeometry(BONE_M, BONE_M, bone.length(), 8), skin);
    rod.position.set((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2);
    rod.quaternion.setFromUnitVectors(up, bone.normalize());
    body.add(rod);
  }
  const head = new THREE.Mesh(new THREE.SphereGeometry(HEAD_M, 20, 14), skin);
  head.position.set(...HEAD_CENTRE);
  return body.add(head);
}

function place(object: THREE.Object3D, key: CameraKey): void {
  const [x, y, z] = fromYawPitch(key.yaw, key.pitch);
  object.position.set(...key.position);
  object.quaternion.setFromRotationMatrix(
    // biome-ignore format: a matrix
    new THREE.Matrix4().set(
      x[0], x[1], x[2], 0,
      y[0], y[1], y[2], 0,
      z[0], z[1], z[2], 0,
      0, 0, 0, 1,
    ),
  );
}

/** Position, yaw and pitch of an object that a gizmo has moved; a tilt is dropped. */
function placeOf(object: THREE.Object3D): Pick<CameraKey, "position" | "yaw" | "pitch"> {
  const forward = new THREE.Vector3(0, 0, -1).applyQuaternion(object.quaternion);
  const [yaw, pitch] = yawPitchTowards(forward.toArray() as unknown as Vec3);
  return { position: object.position.toArray() as unknown as Vec3, yaw, pitch };
}

class Scene3d implements PathView {
  private readonly renderer: THREE.WebGLRenderer;
  private readonly scene = new THREE.Scene();
  private readonly eye = new THREE.PerspectiveCamera(45, 1, 0.1, 200);
  private readonly orbit: OrbitControls;
  private readonly gizmo: TransformControls;
  private readonly helper: THREE.Object3D;
  private readonly watch: ResizeObserver;
  private readonly ground = new Lines(this.scene, GROUND);
  private readonly skin = new THREE.MeshBasicMaterial();
  private readonly curve = new Lines(this.scene);
  private readonly stems = new Lines(this.scene);
  private readonly now = new Lines(this.scene);
  /** One for each keyframe, in order. */
  private keys: Lines[] = [];
  /** What the gizmo moves: it stands where the selected keyframe is. */
  private readonly handle = new THREE.Group();
  private shown: PathScene | null = null;
  private frame = 0;
  private dragging = false;
  private pressed: readonly [number, number] | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly events: PathEvents,
  ) {
    this.renderer = new THREE.WebGLRenderer({ antialias: true, alpha: true });
    this.renderer.setPixelRatio(Math.min(2, window.devicePixelRatio || 1));
    host.append(this.renderer.domElement);
    this.scene.add(figure(this.skin), this.handle);
    this.eye.position.set(5.2, 4.2, 8.6);
    this.orbit = new OrbitControls(this.eye, this.renderer.domElement);
    this.orbit.target.set(0, 1, 1.8);
    this.orbit.maxPolarAngle = Math.PI * 0.55;
    this.orbit.minDistance = 1.5;
    this.orbit.maxDistance = 60;
    this.orbit.addEventListener("change", this.draw);
    this.gizmo = new TransformControls(this.eye, this.renderer.domElement);
    this.gizmo.size = 0.75;
    this.gizmo.attach(this.handle);
    this.helper = this.gizmo.getHelper();
    this.scene.add(this.helper);
    this.gizmo.addEventListener("change", this.draw);
    this.gizmo.addEventListener("dragging-changed", this.grabbed);
    this.gizmo.addEventListener("objectChange", () => this.report(false));
    this.renderer.domElement.addEventListener("pointerdown", this.down);
    this.renderer.domElement.addEventListener("pointerup", this.up);
    this.watch = new ResizeObserver(this.resize);
    this.watch.observe(host);
    this.orbit.update();
  }

  update(scene: PathScene): void {
    this.shown = scene;
    const { path, palette, selected } = scene;
    while (this.keys.length < path.length) this.keys.push(new Lines(this.scene));
    for (const extra of this.keys.splice(path.length)) this.drop(extra);
    for (const [i, key] of path.entries()) {
      const lines = this.keys[i];
      if (!lines) continue;
      lines.set(frustum(key.fov, FRUSTUM_M));
      lines.color(i === selected ? palette.selected : palette.key);
      place(lines.object, key);
    }
    this.drawCurve(scene);
    this.now.set(frustum(scene.now.fov, FRUSTUM_M * 0.8));
    this.now.color(palette.now);
    place(this.now.object, scene.now);
    this.ground.color(palette.grid);
    this.skin.color.setStyle(palette.figure);
    this.standGizmo(scene);
    this.draw();
  }

  private drawCurve({ path, loop, palette }: PathScene): void {
    const points = trace(path, loop).map(({ position }) => position);
    this.curve.set(points.slice(1).map((point, i): Segment => [points[i] ?? point, point]));
    this.curve.color(palette.path);
    this.stems.set(
      path.map(
        ({ position: [x, y, z] }): Segment => [
          [x, y, z],
          [x, 0, z],
        ],
      ),
    );
    this.stems.color(palette.grid);
  }

  private standGizmo({ path, selected, tool }: PathScene): void {
    const key = path[selected];
    this.helper.visible = key !== undefined;
    this.gizmo.enabled = key !== undefined;
    if (!key || this.dragging) return;
    const turns = tool === "turn";
    this.gizmo.setMode(turns ? "rotate" : "translate");
    this.gizmo.setSpace(turns ? "local" : "world");
    this.gizmo.showZ = !turns;
    place(this.handle, key);
  }

  private readonly grabbed = ({ value }: { value: unknown }): void => {
    this.dragging = value === true;
    this.orbit.enabled = !this.dragging;
    if (!this.dragging) this.report(true);
  };

  private report(done: boolean): void {
    const scene = this.shown;
    if (!scene) return;
    const { position, yaw, pitch } = placeOf(this.handle);
    this.events.drag(scene.selected, scene.tool === "turn" ? { yaw, pitch } : { position }, done);
  }

  private readonly down = (event: PointerEvent): void => {
    this.pressed = this.gizmo.axis === null ? [event.clientX, event.clientY] : null;
  };

  private readonly up = (event: PointerEvent): void => {
    const [x, y] = this.pressed ?? [Infinity, Infinity];
    this.pressed = null;
    if (Math.hypot(event.clientX - x, event.clientY - y) > CLICK_PX) return;
    const index = this.nearest(event);
    if (index !== null) this.events.select(index);
  };

  /** The keyframe under the pointer, within a finger's width. */
  private nearest(event: PointerEvent): number | null {
    const box = this.renderer.domElement.getBoundingClientRect();
    let [found, least]: [number | null, number] = [null, PICK_PX];
    for (const [i, lines] of this.keys.entries()) {
      const seen = lines.object.position.clone().project(this.eye);
      const x = box.left + ((seen.x + 1) / 2) * box.width;
      const y = box.top + ((1 - seen.y) / 2) * box.height;
      const far = Math.hypot(event.clientX - x, event.clientY - y);
      if (seen.z < 1 && far < least) [found, least] = [i, far];
    }
    return found;
  }

  private readonly resize = (): void => {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    this.renderer.setSize(width, height);
    this.eye.aspect = width / height;
    this.eye.updateProjectionMatrix();
    this.draw();
  };

  private readonly draw = (): void => {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.renderer.render(this.scene, this.eye);
    });
  };

  private drop(lines: Lines): void {
    this.scene.remove(lines.object);
    lines.object.geometry.dispose();
    lines.object.material.dispose();
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.watch.disconnect();
    this.gizmo.detach();
    this.gizmo.dispose();
    this.orbit.dispose();
    for (const lines of [...this.keys, this.ground, this.curve, this.stems, this.now]) this.drop(lines);
    this.skin.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.renderer.domElement.remove();
  }
}

export function createScene3d(host: HTMLElement, events: PathEvents): PathView {
  return new Scene3d(host, events);
}
