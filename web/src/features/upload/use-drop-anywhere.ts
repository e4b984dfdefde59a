"use client";
import { useEffect, useRef, useState } from "react";

/** Whether files are being dragged over the page. A browser opens a file that is dropped beside a small target, and the page is gone. */
export function useDropAnywhere(onFiles: (files: File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  const take = useRef(onFiles);
  useEffect(() => {
    take.current = onFiles;
  });
  useEffect(() => {
    let depth = 0; // enter and leave also fire for children
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const over = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) take.current(files);
    };
    const heard = { dragenter: enter, dragover: over, dragleave: leave, drop } as const;
    for (const [name, hear] of Object.entries(heard)) window.addEventListener(name, hear as EventListener);
    return () => {
      for (const [name, hear] of Object.entries(heard)) window.removeEventListener(name, hear as EventListener);
    };
  }, []);
  return isOver;
}

/** Text that is dragged into a field, or a link, stays the browser's. */
const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
