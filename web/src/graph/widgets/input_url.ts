/** Where the server shows an uploaded file, by its path inside the input folder. */
export function inputUrl(path: string): string {
  const cut = path.lastIndexOf("/");
  const subfolder = path.slice(0, Math.max(0, cut));
  return `/view?${new URLSearchParams({ filename: path.slice(cut + 1), subfolder, type: "input" })}`;
}
