"""Made-up districts: of any size, and the article's own."""

from graphkit.generate.acheng import generate_acheng as generate_acheng
from graphkit.generate.districts import generate_district as generate_district
from graphkit.generate.draws import SURVEYED_ON as SURVEYED_ON
