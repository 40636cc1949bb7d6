import { newDocumentId } from "../document/parse";
import { newTab } from "../document/tabs";
import { toast } from "../lib/toast";
import { t } from "../text";
import { readBundle } from "./bundle";
import { rememberShared } from "./shared_store";

/** Open a bundle read-only in a tab of its own; false where the file is none. Nothing of it runs. */
export async function openBundle(file: File): Promise<boolean> {
  const bundle = await readBundle(file);
  if (bundle === null) return false;
  const workflow = { ...bundle.workflow, id: newDocumentId(), name: bundle.take.name };
  if (newTab(workflow, { readOnly: true })) rememberShared(workflow.id, bundle.take);
  else toast({ kind: "info", title: t("app.tabs.tooMany") });
  return true;
}
