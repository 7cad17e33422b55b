"""Fitting the judge's two kinds of models: a logistic regression, and a choice among candidates. Newton steps, with numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any


def fit_logistic(x: Array, y: Array, weight: Array, penalty: Array | float, prior: Array) -> tuple[Array, float]:
    """Weights and bias of a logistic regression whose L2 penalty pulls towards `prior`; Newton steps."""
    n, d = x.shape
    design = np.hstack([x, np.ones((n, 1))])
    w = np.append(prior, 0.0)
    centre = w.copy()
    strength = np.append(np.broadcast_to(penalty, d), 1e-3)
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(design @ w, -35, 35)))
        gradient = design.T @ (weight * (p - y)) + strength * (w - centre)
        hessian = (design * (weight * p * (1 - p))[:, None]).T @ design + np.diag(strength)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w[:-1], float(w[-1])


@dataclass
class Choice:
    """One member message: the candidates' features, which of them are right, and how sure the label is."""

    values: Array
    right: Array
    weight: float
    named: bool = False


def fit_choice(choices: Sequence[Choice], penalty: float, prior: Array) -> Array:
    """Weights of a conditional logit (softmax over candidates), L2 towards `prior`; Newton steps."""
    rows = np.vstack([choice.values for choice in choices])
    right = np.concatenate([choice.right for choice in choices]).astype(float)
    weight = np.array([choice.weight for choice in choices])
    sizes = np.array([len(choice.values) for choice in choices])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    of = np.repeat(np.arange(len(choices)), sizes)
    w = prior.copy()
    for _ in range(25):
        scores = rows @ w
        p = np.exp(scores - np.maximum.reduceat(scores, starts)[of])
        p /= np.add.reduceat(p, starts)[of]
        q = p * right
        hopeless = np.add.reduceat(q, starts) < 1e-12
        q = np.where(hopeless[of], right, q)
        q /= np.add.reduceat(q, starts)[of]
        gradient = penalty * (w - prior) + rows.T @ (weight[of] * (p - q))
        mean = np.add.reduceat(rows * p[:, None], starts)
        hessian = np.eye(len(w)) * penalty + (rows * (weight[of] * p)[:, None]).T @ rows - (mean * weight[:, None]).T @ mean
        step = np.linalg.solve(hessian, gradient)
        size = np.abs(step).max()
        w -= step * min(1.0, 3.0 / max(size, 1e-9))
        if size < 1e-5:
            break
    return w
