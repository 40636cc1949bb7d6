/** Results of renders as the gallery lists them. Pure. */
import type { Job, JobOutput } from "../protocol/messages.gen";

export type MediaKind = "video" | "image";

export interface GalleryItem {
  readonly key: string;
  readonly job: Job;
  readonly output: JobOutput;
}

export const isVideo = ({ media_type }: JobOutput): boolean => media_type.startsWith("video/");
export const isImage = ({ media_type }: JobOutput): boolean => media_type.startsWith("image/");

/** What stands for a job: its first video, or its first picture. */
export function mainOutput({ outputs }: Job): JobOutput | undefined {
  return outputs.find(isVideo) ?? outputs.find(isImage) ?? outputs[0];
}

/** Every picture and video of the jobs, in the jobs' order; of one job the videos first. */
export function galleryItems(jobs: readonly Job[], kind: MediaKind | "all"): GalleryItem[] {
  const fits = (output: JobOutput) =>
    kind === "all" ? isVideo(output) || isImage(output) : kind === "video" ? isVideo(output) : isImage(output);
  return jobs.flatMap((job) =>
    job.outputs
      .filter(fits)
      .sort((a, b) => Number(isVideo(b)) - Number(isVideo(a)))
      .map((output) => ({ key: `${job.prompt_id}/${output.subfolder}/${output.filename}`, job, output })),
  );
}

/** Seconds a job took, or null while it is not finished. */
export function durationS({ started_at, finished_at }: Job): number | null {
  return started_at === null || finished_at === null ? null : Math.max(0, (finished_at - started_at) / 1000);
}
