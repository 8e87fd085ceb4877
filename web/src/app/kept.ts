/** A value in the browser's storage. Where that is refused (private windows), it lives as long as the page. */
export const kept = <T>(name: string) => {
  let here: T | null = null;
  return {
    read(): T | null {
      try {
        const text = localStorage.getItem(name);
        return text === null ? here : (JSON.parse(text) as T);
      } catch {
        return here;
      }
    },
    write(value: T | null): void {
      here = value;
      try {
        if (value === null) localStorage.removeItem(name);
        else localStorage.setItem(name, JSON.stringify(value));
      } catch {
        // Kept in `here`.
      }
    },
  };
};
