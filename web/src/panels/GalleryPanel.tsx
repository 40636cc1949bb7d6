import { Images } from "lucide-react";
import { useState } from "react";
import { t } from "../text";
import { EmptyState, Segmented } from "../lib/ui";
import { useJobs } from "./jobs";
import { JobSearch } from "./JobSearch";
import { Lightbox } from "./Lightbox";
import { Thumbnail } from "./Media";
import { galleryItems, type MediaKind } from "./outputs";
import { Panel } from "./Panel";

const KINDS: readonly (MediaKind | "all")[] = ["all", "video", "image"];

/** Every rendered file as a picture wall; one click shows it large. */
export function GalleryPanel() {
  const { status, error, jobs, search } = useJobs();
  const [kind, setKind] = useState<MediaKind | "all">("all");
  const [shown, setShown] = useState<number | null>(null);
  const items = galleryItems(jobs, kind);
  return (
    <Panel title={t("panels.gallery")} loading={status === "loading"} error={error}>
      <JobSearch label={t("panels.searchGallery")} />
      <div className="panel-filter">
        <Segmented
          label={t("panels.gallery")}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t(`panels.galleryKinds.${value}`) }))}
          onChange={setKind}
        />
      </div>
      {items.length === 0 && search !== "" && <EmptyState title={t("panels.galleryNone")} />}
      {items.length === 0 && search === "" && (
        <EmptyState
          icon={<Images size={20} />}
          title={t("panels.galleryEmpty")}
          detail={t("panels.galleryEmptyDetail")}
        />
      )}
      <ul className="panel-gallery">
        {items.map(({ key, job, output }, place) => (
          <li key={key}>
            <button
              type="button"
              aria-label={t("panels.view", { name: output.filename })}
              onClick={() => setShown(place)}
            >
              <Thumbnail output={output} />
              <span>{job.name}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown !== null && <Lightbox items={items} start={shown} onClose={() => setShown(null)} />}
    </Panel>
  );
}
