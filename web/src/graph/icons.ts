import {
  Aperture,
  Box,
  Boxes,
  Clapperboard,
  Hash,
  Image,
  type LucideIcon,
  MessageSquareText,
  MonitorPlay,
  PersonStanding,
  Sigma,
  StickyNote,
  Video,
} from "lucide-react";

const ICONS: Readonly<Record<string, LucideIcon>> = {
  prompt: MessageSquareText,
  subgraph: Boxes,
  text: MessageSquareText,
  camera: Video,
  pose: PersonStanding,
  character: PersonStanding,
  generator: Aperture,
  model: Aperture,
  apt2: Aperture,
  output: MonitorPlay,
  view: MonitorPlay,
  save: Clapperboard,
  image: Image,
  input: Image,
  value: Hash,
  values: Hash,
  math: Sigma,
  maths: Sigma,
  util: StickyNote,
  utility: StickyNote,
};

export function categoryIcon(category: string): LucideIcon {
  return ICONS[category.toLowerCase().split("/")[0] ?? ""] ?? Box;
}
