"use client";
import { createContext, useContext } from "react";

/** False in a page that was saved as a file: there is no server to ask, so nothing is offered that would need one. */
const Live = createContext(true);

export const LiveProvider = Live.Provider;
export const useLive = () => useContext(Live);
