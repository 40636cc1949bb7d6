export { advanceSeeds, SEED_MODES, type SeedMode, seedMode } from "./seed_modes";
