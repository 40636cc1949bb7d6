/** All that the search box can add: the nodes of the packs, the document's subgraphs, kept blueprints. */
import { useMemo } from "react";
import { useStore } from "zustand";
import { useDocument } from "../document/hooks";
import { emptyDocument, instanceType } from "../document/types";
import { t } from "../text";
import type { NodeSchema } from "../protocol/schema";
import { blueprintStore, type KeptBlueprint } from "../share/blueprint_library";
import type { Blueprint } from "./blueprints";
import { getNodeSchema, useCatalog } from "./catalog";
import { mayHold } from "./subgraph_actions";
import { subgraphSchema } from "./subgraph_ports";

const PREFIX = "blueprint:";

/** Blueprints are left out where the new node is to be wired or takes another's place. */
export function useSearchable(withBlueprints: boolean): readonly NodeSchema[] {
  const nodes = useCatalog((catalog) => catalog.nodes);
  const subgraphs = useDocument((state) => state.doc.subgraphs);
  const blueprints = useStore(blueprintStore, (state) => state.blueprints);
  return useMemo(() => {
    const own = subgraphs.filter((one) => mayHold(one.id)).map((one) => getNodeSchema(instanceType(one.id)));
    const kept = withBlueprints ? blueprints.map(blueprintSchema) : [];
    return [...nodes, ...own.filter((schema) => schema !== undefined), ...kept];
  }, [nodes, subgraphs, blueprints, withBlueprints]);
}

function blueprintSchema({ subgraphs, place }: KeptBlueprint): NodeSchema {
  const [main] = subgraphs;
  const inside = { ...emptyDocument("", ""), subgraphs };
  const schemaOf = (type: string): NodeSchema | undefined => {
    const inner = subgraphs.find((one) => instanceType(one.id) === type);
    return inner ? subgraphSchema(inside, inner, schemaOf) : getNodeSchema(type);
  };
  const schema = subgraphSchema(inside, main, schemaOf);
  return {
    ...schema,
    id: PREFIX + main.name,
    category: `${t("graph.subgraph.blueprint")}: ${t(`share.place.${place}`)}`,
  };
}

export function blueprintNamed(id: string): Blueprint | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const name = id.slice(PREFIX.length);
  return blueprintStore.getState().blueprints.find((one) => one.subgraphs[0].name === name);
}
