/** What happens when the page opens: nodes, then the workflow of the link, the draft, or the first template. */
import { createAutosave, loadDraft } from "../document/autosave";
import { openFromAddress, openWorkflow } from "../document/open";
import { hintProblems, type Problem } from "../document/problems";
import { documentStore, getWorkflow, replaceDocument } from "../document/store";
import { keepTabs, restoreTabs } from "../document/tabs";
import { catalogStore, loadCatalog } from "../graph/catalog";
import { connectLive } from "../live";
import { api } from "../lib/api";
import { loadServerBlueprints } from "../share/blueprint_library";
import { t } from "../text";
import { toast } from "../lib/toast";

const FIRST_TEMPLATE = "hello";
const VALIDATE_AFTER_MS = 500;

interface Template {
  readonly id: string;
  readonly name: string;
  readonly document: unknown;
}

export async function start(): Promise<void> {
  restoreTabs(localStorage);
  keepDraft();
  hintWhileEditing();
  const first = openFirst();
  connectLive();
  await Promise.all([first, loadCatalog()]);
  void loadServerBlueprints();
}

/** After the server was away: load the nodes, and the first template where there is nothing to lose. */
export async function tryAgain(): Promise<void> {
  if ((await loadCatalog()) && getWorkflow().nodes.length === 0) await openTemplate();
}

/** A workflow never runs by itself, wherever it came from: this only puts it on the canvas. */
async function openFirst(): Promise<void> {
  const draft = loadDraft(localStorage);
  if (draft !== null)
    replaceDocument(draft.doc, { name: draft.doc.name, saved: draft.saved, fresh: true, readOnly: draft.readOnly });
  if (await openFromAddress()) return;
  if (draft === null) await openTemplate();
}

async function openTemplate(): Promise<void> {
  try {
    const { templates } = await api<{ templates: readonly Template[] }>("GET", "/api/templates");
    const first = templates.find((template) => template.id === FIRST_TEMPLATE) ?? templates[0];
    if (first) openWorkflow(first.document, { source: "template", name: first.name, fresh: true });
  } catch {
    // Without the server there is no template either; the canvas says that the server does not answer.
  }
}

function keepDraft(): void {
  const autosave = createAutosave(localStorage, () =>
    toast({ kind: "error", title: t("app.document.draftFull"), detail: t("app.document.draftFullDetail") }),
  );
  documentStore.subscribe(({ doc, save, readOnly }, before) => {
    const changed = doc !== before.doc || save !== before.save || readOnly !== before.readOnly;
    if (changed) autosave.update({ doc, saved: save === "saved", readOnly });
  });
  keepTabs(localStorage, () =>
    toast({ kind: "error", title: t("app.document.draftFull"), detail: t("app.document.draftFullDetail") }),
  );
  window.addEventListener("pagehide", autosave.flush);
  document.addEventListener("visibilitychange", autosave.flush);
}

/** Ask the server what is wrong a moment after each edit; a late answer for an older document is dropped. */
function hintWhileEditing(): void {
  let timer: number | undefined;
  async function validate(): Promise<void> {
    const workflow = getWorkflow();
    if (workflow.nodes.length === 0) return hintProblems([]);
    try {
      const { problems } = await api<{ problems: readonly Problem[] }>("POST", "/api/validate", { workflow });
      if (getWorkflow().nodes === workflow.nodes && getWorkflow().edges === workflow.edges) hintProblems(problems);
    } catch {
      // Hints are a courtesy; Run says what is wrong in any case.
    }
  }
  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void validate(), VALIDATE_AFTER_MS);
  };
  documentStore.subscribe(({ doc }, before) => {
    if (doc.nodes !== before.doc.nodes || doc.edges !== before.doc.edges) later();
  });
  catalogStore.subscribe(({ status }, before) => {
    if (status === "ready" && before.status !== "ready") later();
  });
}
