"""The report: one self-contained page with the three answers in words, a plot each, and the rows behind them that matter most."""

from graphkit.show.report.write import write_report

__all__ = ["write_report"]
