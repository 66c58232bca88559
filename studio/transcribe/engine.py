"""Whisper, one utterance at a time: the only module that imports faster-whisper.

faster-whisper pads every window to 30 s; on one thread the encoder then costs 1.4 CPU s. The model
itself takes a shorter mel, so an utterance is encoded in a window just above its own length, and only
doubtful ones are decoded again in a wider window.
"""

import logging
import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens
from faster_whisper.utils import download_model
from numpy.typing import NDArray

from studio.errors import ModelError

_log = logging.getLogger(__name__)

SAMPLE_RATE = 16_000
FULL_WINDOW_S = 30.0
# windows of 3-5 s on short fragments loop; from 8 s on, and 2 s more than the speech, they do not
MIN_WINDOW_S = 8.0
SPARE_WINDOW_S = 2.0
MAX_PROMPT_TOKENS = 200

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the model wrote for one utterance.

    logprob: mean log-probability of a token. no_speech: probability that nobody spoke. compression:
    bytes of text per byte of its zlib form, high when it loops. words: for each word (token) of `text` how
    many characters stand up to its end, and the second, from the first sample, at which it was said;
    empty unless asked for.
    """

    text: str
    logprob: float
    no_speech: float
    compression: float
    words: tuple[tuple[int, float], ...] = ()


def download(name: str, folder: Path) -> None:
    """Fetch a named model through faster-whisper's own download.

    Raises:
        ModelError: unknown name, or no way to fetch it.
    """
    try:
        download_model(name, output_dir=str(folder))
    except ValueError as error:
        raise ModelError(f"没有叫 {name} 的语音模型", f"no speech model is called {name}: {error}") from error
    except Exception as error:  # huggingface_hub raises its own, requests' and urllib3's errors
        raise ModelError(
            f"下载语音模型 {name} 失败：{error}。可设置 HF_ENDPOINT 换镜像，或改用 base",
            f"downloading speech model {name} failed: {error}; set HF_ENDPOINT to a mirror, or use base",
        ) from error


class Engine:
    """A loaded model; not for use by several threads at once.

    Raises:
        ModelError: the folder holds no model that CTranslate2 can load.
    """

    def __init__(self, folder: Path, threads: int = 1, beam: int = 1) -> None:
        self._beam = beam
        """The least beam of any decode: 1 while people wait."""
        try:
            self._whisper = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1
            )
        except Exception as error:  # CTranslate2 and tokenizers raise bare RuntimeError and Exception
            raise ModelError(
                f"语音模型 {folder} 加载失败：{error}。请删除这个文件夹后重新运行",
                f"cannot load speech model {folder}: {error}; delete that folder and run again",
            ) from error
        if not self._whisper.model.is_multilingual:
            raise ModelError(
                f"语音模型 {folder} 只懂英语，请换多语言模型（如 base）",
                f"speech model {folder} knows English only; use a multilingual one (such as base)",
            )
        self.name = folder.name
        self._tokenizer = Tokenizer(self._whisper.hf_tokenizer, multilingual=True, task="transcribe", language="zh")
        self._suppress = get_suppressed_tokens(self._tokenizer, cast("Any", [-1]))

    def decode(
        self, samples: Samples, prompt: str, *, window_s: float = 0.0, beam: int = 1, timed: bool = False
    ) -> Decoded:
        """Write down one utterance.

        Args:
            samples: mono float32 in -1..1 at 16 kHz, at most 30 s.
            prompt: text before the utterance: names and words it may hold.
            window_s: length of the encoder window; 0 chooses it by the length of the samples.
            beam: beam size.
            timed: also find when each word was said.
        """
        duration_s = len(samples) / SAMPLE_RATE
        # whole seconds: few sizes of buffers, so that memory does not fragment over a long show
        window_s = min(FULL_WINDOW_S, math.ceil(max(window_s, MIN_WINDOW_S, duration_s + SPARE_WINDOW_S)))
        encoded = self._encode(samples, window_s)
        tokens = self._prompt_tokens(prompt)
        result = self._whisper.model.generate(
            encoded,
            [tokens],
            beam_size=max(beam, self._beam),
            max_length=min(self._whisper.max_length, len(tokens) + 12 + math.ceil(12 * duration_s)),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=self._suppress,
        )[0]
        ids: list[int] = [token for token in result.sequences_ids[0] if token < self._tokenizer.eot]
        text = self._tokenizer.decode(ids).strip()
        count = len(result.sequences_ids[0])
        encoded_text = text.encode()
        return Decoded(
            text=text,
            logprob=float(result.scores[0]) * count / (count + 1),
            no_speech=float(result.no_speech_prob),
            compression=len(encoded_text) / len(zlib.compress(encoded_text)),
            words=self._word_ends(encoded, ids, duration_s) if timed and ids else (),
        )

    def _encode(self, samples: Samples, window_s: float) -> Any:
        padded = np.zeros(round(window_s * SAMPLE_RATE), dtype=np.float32)
        kept = min(len(samples), len(padded))
        padded[:kept] = samples[:kept]
        mel = self._whisper.feature_extractor(padded, padding=0)
        frames = round(window_s * 100) // 2 * 2
        return self._whisper.encode(mel[:, :frames].astype(np.float32))

    def _prompt_tokens(self, prompt: str) -> list[int]:
        tokens: list[int] = []
        if prompt:
            tokens = [self._tokenizer.sot_prev, *self._tokenizer.encode(" " + prompt)[:MAX_PROMPT_TOKENS]]
        return [*tokens, *self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]

    def _word_ends(self, encoded: Any, ids: list[int], duration_s: float) -> tuple[tuple[int, float], ...]:
        tokens: Any = [ids]  # annotated as one list in faster-whisper, used as a list of lists
        frames = math.ceil(duration_s * 100)
        ends: list[tuple[int, float]] = []
        count = 0
        for word in self._whisper.find_alignment(self._tokenizer, tokens, encoded, frames)[0]:
            count += len(word["word"] if ends else word["word"].lstrip())
            ends.append((count, min(duration_s, float(word["end"]))))
        return tuple(ends)
