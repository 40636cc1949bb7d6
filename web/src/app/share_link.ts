import { linkFor } from "../document/share";
import { getWorkflow } from "../document/store";
import { errorText } from "../lib/error_text";
import { t } from "../text";
import { toast } from "../lib/toast";

const LINK_CHARS_AT_MOST = 64_000;

/** Put a link that holds the whole workflow on the clipboard. */
export async function shareLink(): Promise<void> {
  const link = await linkFor(getWorkflow(), window.location.href);
  if (link.length > LINK_CHARS_AT_MOST) {
    toast({ kind: "error", title: t("app.document.linkTooLong") });
    return;
  }
  try {
    await navigator.clipboard.writeText(link);
    const detail = t("app.document.linkCopiedDetail", { kb: Math.max(1, Math.round(link.length / 1024)) });
    toast({ kind: "success", title: t("app.document.linkCopied"), detail });
  } catch (error) {
    window.history.replaceState(null, "", link);
    toast({ kind: "info", title: t("app.document.linkInAddress"), detail: errorText(error) });
  }
}
