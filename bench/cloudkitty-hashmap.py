"""Prices data points with CloudKitty's own hashmap module, its rules in memory: the peer of bench/rating.ts.

Run: python3 cloudkitty-hashmap.py RULES.json POINTS.json PRICES.json ROUNDS
Prints {"seconds": [CPU time per round]}; PRICES.json gets the price of each point, as text, in order.
"""
import datetime
import decimal
import json
import sys
import time

from cloudkitty import dataframe
from cloudkitty.rating.hash import HashMap


def effect(rule):
    return {'type': rule['type'], 'cost': decimal.Decimal(rule['cost'])}


def entries(rules):
    """The shape that HashMap._load_rates makes of the rules in the database."""
    services = {}
    for rule in rules['mappings'] + rules['thresholds']:
        scope = services.setdefault(rule['service'], {'mappings': {}, 'thresholds': {}})
        if rule.get('field'):
            fields = scope.setdefault('fields', {})
            scope = fields.setdefault(rule['field'], {'mappings': {}, 'thresholds': {}})
        group = rule.get('group', '_DEFAULT_')
        if 'level' in rule:
            levels = scope['thresholds'].setdefault(group, {})
            levels[decimal.Decimal(rule['level'])] = effect(rule)
        elif 'value' in rule:
            scope['mappings'].setdefault(group, {})[rule['value']] = effect(rule)
        else:
            scope['mappings'][group] = effect(rule)
    return services


class RulesInMemory(HashMap):
    rules = {}

    def _load_rates(self):
        self._entries = entries(self.rules)


def main(rules_file, points_file, prices_file, rounds):
    with open(rules_file) as file:
        RulesInMemory.rules = json.load(file)
    with open(points_file) as file:
        points = json.load(file)
    begin = datetime.datetime(2026, 10, 5, tzinfo=datetime.timezone.utc)
    frame = dataframe.DataFrame(start=begin, end=begin + datetime.timedelta(hours=1))
    for point in points:
        frame.add_point(
            dataframe.DataPoint(point['unit'], point['qty'], 0, point['groupby'], point['metadata']),
            point['service'])
    module = RulesInMemory('some-scope')
    seconds = []
    for _ in range(int(rounds)):
        start = time.process_time()
        rated = module.process(frame)
        seconds.append(time.process_time() - start)
    prices = [str(point.price) for _, point in rated.iterpoints()]
    with open(prices_file, 'w') as file:
        json.dump(prices, file)
    print(json.dumps({'seconds': seconds}))


main(*sys.argv[1:])
