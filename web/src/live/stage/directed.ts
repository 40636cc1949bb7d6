import { api } from "../../lib/api";
import { toast } from "../../lib/toast";
import type { DirectAnswer, DirectBody } from "../../protocol/messages.gen";
import { t } from "../../text";

/**
 * The prompt once something was said while another one held; null, and said so, where that changes nothing. What was
 * said itself where the server cannot be asked.
 */
export async function directed(before: string, said: string): Promise<string | null> {
  if (said === before.trim()) return said;
  const body: DirectBody = { before, said };
  const answer = await api<DirectAnswer>("POST", "/api/direct", body).catch(() => null);
  if (answer?.text === before) {
    toast({ kind: "info", title: t("stage.promptNothing"), detail: t("stage.promptNothingDetail") });
    return null;
  }
  return answer?.text ?? said;
}
