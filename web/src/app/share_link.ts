import { linkFor } from "../document/share";
import { getWorkflow } from "../document/store";
import { errorText, text } from "../lib/text";
import { toast } from "../lib/toast";

const LINK_CHARS_AT_MOST = 64_000;

/** Put a link that holds the whole workflow on the clipboard. */
export async function shareLink(): Promise<void> {
  const link = await linkFor(getWorkflow(), window.location.href);
  if (link.length > LINK_CHARS_AT_MOST) {
    toast({ kind: "error", title: text.document.linkTooLong });
    return;
  }
  try {
    await navigator.clipboard.writeText(link);
    const detail = text.document.linkCopiedDetail(Math.max(1, Math.round(link.length / 1024)));
    toast({ kind: "success", title: text.document.linkCopied, detail });
  } catch (error) {
    window.history.replaceState(null, "", link);
    toast({ kind: "info", title: text.document.linkInAddress, detail: errorText(error) });
  }
}
