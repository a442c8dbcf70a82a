"""The annual return: in which class of the statistics does each co-operative stand?"""
