import { Search } from "lucide-react";
import { jobsStore, searchJobs } from "./jobs";
import { useStore } from "zustand";

/** Looks for renders by name; the server does the searching. */
export function JobSearch({ label }: { readonly label: string }) {
  const search = useStore(jobsStore, (state) => state.search);
  return (
    <label className="panel-search">
      <Search size={14} aria-hidden />
      <input
        type="search"
        value={search}
        placeholder={label}
        aria-label={label}
        onChange={(event) => searchJobs(event.target.value)}
      />
    </label>
  );
}
