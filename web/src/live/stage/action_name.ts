import { t } from "../../text";

const KNOWN = ["stand", "walk", "run", "wave", "jump", "dance", "sit", "turn"] as const;

/** What an action is called in the language of the editor; one of another node pack keeps its own name. */
export function actionName(option: string): string {
  const known = KNOWN.find((one) => one === option);
  return known ? t(`stage.action.${known}`) : option;
}
