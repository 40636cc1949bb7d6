/** How long something took and how long ago it was, in words. */
import { t } from "../text";

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

export function durationText(seconds: number): string {
  if (seconds < MINUTE_S) return t("panels.seconds", { n: seconds.toFixed(1) });
  return t("panels.minutes", {
    minutes: Math.floor(seconds / MINUTE_S),
    seconds: Math.round(seconds % MINUTE_S),
  });
}

export function agoText(seconds: number): string {
  if (seconds < MINUTE_S) return t("panels.ago.now");
  if (seconds < HOUR_S) return t("panels.ago.minutes", { n: Math.floor(seconds / MINUTE_S) });
  if (seconds < DAY_S) return t("panels.ago.hours", { n: Math.floor(seconds / HOUR_S) });
  return t("panels.ago.days", { n: Math.floor(seconds / DAY_S) });
}
