// @ts-check
/** The list of shows: dates in the reader's own time zone. */

import { writeTimes } from "./times.js";

writeTimes(document);
