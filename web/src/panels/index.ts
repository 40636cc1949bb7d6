/** Side panels: what is queued, what was made, what to start from. */
export { GalleryPanel } from "./GalleryPanel";
export { QueuePanel } from "./QueuePanel";
export { TemplatesPanel } from "./TemplatesPanel";
