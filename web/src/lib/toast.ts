import { createStore } from "zustand/vanilla";

export type ToastKind = "info" | "success" | "error";

export interface ToastRequest {
  readonly kind: ToastKind;
  readonly title: string;
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Toast extends ToastRequest {
  readonly id: number;
}

const SHOWN_AT_MOST = 4;
const STAYS_MS: Record<ToastKind, number> = { info: 4500, success: 3500, error: 9000 };

export const toastStore = createStore<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }));
let nextId = 1;

/** Show a message at the bottom of the window; equal messages that are still shown are not repeated. */
export function toast(request: ToastRequest): void {
  const { toasts } = toastStore.getState();
  const shown = toasts.find((one) => one.title === request.title && one.detail === request.detail);
  if (shown) dismissToast(shown.id);
  const id = nextId++;
  toastStore.setState((state) => ({ toasts: [...state.toasts, { ...request, id }].slice(-SHOWN_AT_MOST) }));
  window.setTimeout(() => dismissToast(id), STAYS_MS[request.kind]);
}

export function dismissToast(id: number): void {
  toastStore.setState((state) => ({ toasts: state.toasts.filter((one) => one.id !== id) }));
}
